import { ApiError, type Status, type StatusReason } from '@keelson/machinery';
import type { meta } from '@keelson/schema';

const LOWEST = 400;
/** Beyond these there are no status codes. */
const HIGHEST = 999;

/** The answer to a request that a webhook has denied: what it said, and that it was the one who said it. */
export function denial(webhook: string, said: meta.v1.Status | undefined): ApiError {
  const { code = 0, reason = '', message = '', details } = said ?? {};
  const denied = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const why = message || reason;
  const text = why === '' ? `${denied} without explanation` : `${denied}: ${why}`;
  const told = code > HIGHEST ? 500 : Math.max(code, LOWEST);
  return new ApiError(told, reason as StatusReason, text, details as Status['details']);
}
