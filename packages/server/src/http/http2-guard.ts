import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Log } from '../logging/log.js';
import type { HttpLimits } from './limits.js';
import { RateBudget } from './rate-budget.js';

/**
 * What a well-behaved client stays far below. A controller that stops cancels all its watches at once, hence the burst
 * of resets; nobody resets, pings or renegotiates hundreds of times a second for long (CVE-2023-44487, CVE-2019-9512,
 * CVE-2019-9515).
 */
const budgets = {
  resets: { burst: 500, perSecond: 50 },
  pings: { burst: 200, perSecond: 10 },
  settings: { burst: 100, perSecond: 1 },
} as const;

type Abuse = keyof typeof budgets;

/** Watches over one HTTP/2 connection: closes it when it is idle or dead, breaks it off when it is abusive. */
export function guardSession(session: ServerHttp2Session, limits: HttpLimits, log: Log): void {
  const peer = session.socket?.remoteAddress;
  const breakOff = (kind: Abuse): void => {
    if (session.destroyed) return;
    log.warn('HTTP/2 connection broken off for abuse', { peer, kind });
    // A number instead of an error ends in a GOAWAY with that code.
    session.destroy(constants.NGHTTP2_ENHANCE_YOUR_CALM as unknown as Error);
  };
  session.on('error', (error) => log.info(4, 'HTTP/2 connection failed', { peer, error }));
  session.on('ping', metered('pings', breakOff));
  session.on('remoteSettings', metered('settings', breakOff));
  session.setLocalWindowSize(limits.connectionWindowBytes);
  const streams = new OpenStreams(session, metered('resets', breakOff));
  const rounds = setInterval(() => {
    if (streams.count > 0) requireSignOfLife(session, limits.pingTimeoutMs);
    else if (streams.idleFor(limits.pingIntervalMs) >= limits.idleTimeoutMs) session.close();
  }, limits.pingIntervalMs).unref();
  session.once('close', () => clearInterval(rounds));
}

/** To be called each time that it happens; `breakOff` is told when that is too often. */
function metered(kind: Abuse, breakOff: (kind: Abuse) => void): () => void {
  const { burst, perSecond } = budgets[kind];
  const budget = new RateBudget(burst, perSecond);
  return () => {
    if (!budget.take()) breakOff(kind);
  };
}

/** How many streams a connection has, and for how long it has had none. */
class OpenStreams {
  count = 0;
  #idleMs = 0;
  readonly #onReset: () => void;
  readonly #onClose = (): void => {
    this.count--;
  };

  constructor(session: ServerHttp2Session, onReset: () => void) {
    this.#onReset = onReset;
    session.on('stream', (stream: ServerHttp2Stream) => this.#add(stream));
  }

  /** So long again. */
  idleFor(ms: number): number {
    this.#idleMs += ms;
    return this.#idleMs;
  }

  #add(stream: ServerHttp2Stream): void {
    this.#idleMs = 0;
    // A stream that is opened and reset in one read is over before anybody hears of it.
    if (stream.aborted || stream.destroyed) this.#onReset();
    else this.#follow(stream);
  }

  #follow(stream: ServerHttp2Stream): void {
    this.count++;
    stream.once('aborted', this.#onReset);
    stream.once('close', this.#onClose);
  }
}

/** A watch may be silent for minutes, but not its connection. */
function requireSignOfLife(session: ServerHttp2Session, timeoutMs: number): void {
  const timer = setTimeout(() => session.destroy(), timeoutMs).unref();
  const sent = session.ping((error) => {
    if (error === null) clearTimeout(timer);
  });
  if (!sent) session.destroy();
}
