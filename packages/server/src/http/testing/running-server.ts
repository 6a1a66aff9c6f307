import { buildChain, type ChainOptions } from '../../filters/chain.js';
import { InFlightRequests } from '../../filters/in-flight.js';
import { isLongRunning } from '../../filters/long-running.js';
import { MaxInFlight } from '../../filters/max-in-flight.js';
import type { Log } from '../../logging/log.js';
import { createApp } from '../app.js';
import type { Handler } from '../context.js';
import type { HttpLimits } from '../limits.js';
import { Listener } from '../listen.js';
import { reply, writeJsonStatus } from '../reply.js';
import { authority, server } from './certificates.js';

/** Log lines as `severity message`. */
export class RecordedLog implements Log {
  readonly lines: string[] = [];
  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  info(verbosity: number, message: string): void {
    this.lines.push(`info ${verbosity} ${message}`);
  }
  enabled(): boolean {
    return true;
  }
}

export interface RunningServer {
  readonly port: number;
  readonly listener: Listener;
  readonly inFlight: InFlightRequests;
  readonly log: RecordedLog;
}

const everybody = { user: { name: 'admin', groups: ['system:masters'] } };

export const answerOk: Handler = (ctx) => {
  reply(ctx, 200, 'text/plain', 'ok');
  return undefined;
};

const started: Listener[] = [];

/** A listener with the whole chain on a free port of the loopback interface. */
export async function startServer(
  dispatch: Handler = answerOk,
  options: Partial<ChainOptions> & { readonly limits?: Partial<HttpLimits>; readonly http2?: boolean } = {},
): Promise<RunningServer> {
  const log = new RecordedLog();
  const inFlight = new InFlightRequests();
  const chain = buildChain({
    log,
    inFlight,
    writeStatus: writeJsonStatus,
    authenticator: { authenticate: () => everybody },
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    limiter: new MaxInFlight({ maxReadOnly: 0, maxMutating: 0 }),
    isLongRunning,
    requestTimeoutMs: 60_000,
    onRequestEnd: () => undefined,
    dispatch,
    ...options,
  });
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    tls: { certificate: server.certificate, key: server.key, clientAuthorities: [authority] },
    log,
    onRequest: createApp(chain, (error) => log.error(`unanswered ${error.message}`)),
    ...(options.limits && { limits: options.limits }),
    ...(options.http2 !== undefined && { http2: options.http2 }),
  });
  started.push(listener);
  const { port } = await listener.listen();
  return { port, listener, inFlight, log };
}

/** For `afterEach`. */
export function stopServers(): void {
  for (const listener of started.splice(0)) listener.close();
}
