import type { RequestEnd } from '../filters/in-flight.js';
import type { RequestState } from '../http/context.js';
import type { Log } from './log.js';

const slowMs = 1_000;

/** One line for a request that failed in the server or was slow; nothing for the others. */
export function logRequests(log: Log): RequestEnd {
  return (state, durationMs) => {
    const code = state.res.statusCode;
    const slow = durationMs > slowMs && !state.longRunning;
    if (code < 500 && !slow && !log.enabled(6)) return;
    log.info(code >= 500 || slow ? 0 : 6, slow ? 'slow request' : 'request', requestFields(state, code, durationMs));
  };
}

function requestFields({ req, info, user, auditId, flow }: RequestState, code: number, durationMs: number): Record<string, unknown> {
  return {
    verb: info.verb.toUpperCase(),
    URI: req.url,
    latency: `${durationMs.toFixed(3)}ms`,
    userAgent: req.headers['user-agent'] ?? '',
    user: user.name,
    auditID: auditId,
    srcIP: req.socket?.remoteAddress,
    resp: code,
    ...(flow && { apf_pl: flow.level.name, apf_fs: flow.name }),
  };
}
