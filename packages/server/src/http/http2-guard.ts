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

/** Watches over one HTTP/2 connection: closes it when it is idle or dead, breaks it off when it is abusive. */
export function guardSession(session: ServerHttp2Session, limits: HttpLimits, log: Log): void {
  const peer = session.socket?.remoteAddress;
  let openStreams = 0;
  let idleMs = 0;

  const meter = (kind: keyof typeof budgets): (() => void) => {
    const budget = new RateBudget(budgets[kind].burst, budgets[kind].perSecond);
    return () => {
      if (budget.take() || session.destroyed) return;
      log.warn('HTTP/2 connection broken off for abuse', { peer, kind });
      // A number instead of an error ends in a GOAWAY with that code.
      session.destroy(constants.NGHTTP2_ENHANCE_YOUR_CALM as unknown as Error);
    };
  };
  const onReset = meter('resets');
  const onStreamClose = (): void => {
    openStreams--;
  };

  session.on('error', (error) => log.info(4, 'HTTP/2 connection failed', { peer, error }));
  session.on('stream', (stream: ServerHttp2Stream) => {
    idleMs = 0;
    // A stream that is opened and reset in one read is over before anybody hears of it.
    if (stream.aborted || stream.destroyed) {
      onReset();
      return;
    }
    openStreams++;
    stream.once('aborted', onReset);
    stream.once('close', onStreamClose);
  });
  session.on('ping', meter('pings'));
  session.on('remoteSettings', meter('settings'));
  session.setLocalWindowSize(limits.connectionWindowBytes);
  const rounds = setInterval(() => {
    if (openStreams > 0) {
      requireSignOfLife(session, limits.pingTimeoutMs);
      return;
    }
    idleMs += limits.pingIntervalMs;
    if (idleMs >= limits.idleTimeoutMs) session.close();
  }, limits.pingIntervalMs).unref();
  session.once('close', () => clearInterval(rounds));
}

/** A watch may be silent for minutes, but not its connection. */
function requireSignOfLife(session: ServerHttp2Session, timeoutMs: number): void {
  const timer = setTimeout(() => session.destroy(), timeoutMs).unref();
  const sent = session.ping((error) => {
    if (error === null) clearTimeout(timer);
  });
  if (!sent) session.destroy();
}
