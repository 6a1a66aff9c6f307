import { status } from '@grpc/grpc-js';
import { CallError } from '../transport.js';
import { ErrorCode } from './protocol.js';
import type { ResponseFields } from './response-fields.js';

/** gRPC over HTTP/2, "HTTP to gRPC Status Code Mapping", of answers that come from something before the server. */
const BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: status.INTERNAL,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.UNIMPLEMENTED,
  429: status.UNAVAILABLE,
  502: status.UNAVAILABLE,
  503: status.UNAVAILABLE,
  504: status.UNAVAILABLE,
};

/** How a response ended that is not one of success. */
export function answered(httpStatus: number | undefined, { grpcStatus, grpcMessage = '' }: ResponseFields): CallError {
  if (grpcStatus !== undefined) return new CallError(Number.isNaN(grpcStatus) ? status.UNKNOWN : grpcStatus, grpcMessage, true);
  if (httpStatus === undefined) return new CallError(status.UNKNOWN, 'No status information received', true);
  return new CallError(BY_HTTP_STATUS[httpStatus] ?? status.UNKNOWN, `Received HTTP status code ${httpStatus}`, true);
}

/**
 * The peer reset the stream. Only a refusal says that nothing was done (RFC 9113, 8.7); no other code is given a status that
 * would say so of a write.
 */
export function resetByPeer(code: number): CallError {
  if (code === ErrorCode.REFUSED_STREAM) return new CallError(status.UNAVAILABLE, 'Stream refused by server', false);
  if (code === ErrorCode.CANCEL) return new CallError(status.CANCELLED, 'Call cancelled', true);
  return new CallError(status.INTERNAL, `Received RST_STREAM with code ${code}`, true);
}

export function notProcessed(): CallError {
  return new CallError(status.UNAVAILABLE, 'The server went away before it took the call', false);
}

export function lost(endpoint: string, reason: Error): CallError {
  return new CallError(status.UNAVAILABLE, `connection to ${endpoint} was lost: ${reason.message}`, true, { cause: reason });
}

export function malformed(reason: Error): CallError {
  return new CallError(status.INTERNAL, `malformed response: ${reason.message}`, true, { cause: reason });
}

export function unanswered(timeoutMs: number): CallError {
  return new CallError(status.DEADLINE_EXCEEDED, `Deadline exceeded after ${(timeoutMs / 1000).toFixed(3)}s`, true);
}
