import { status } from '@grpc/grpc-js';
import { CallError } from './transport.js';

/** There is no connection that could have taken the call. */
export function notSent(endpoint: string, cause: unknown): CallError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new CallError(status.UNAVAILABLE, `cannot connect to ${endpoint}${reason}`, false, { cause });
}

export function clientClosed(): CallError {
  return new CallError(status.UNAVAILABLE, 'the client is closed', false);
}
