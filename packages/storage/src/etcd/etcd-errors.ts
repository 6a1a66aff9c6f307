import { status } from '@grpc/grpc-js';
import { StorageError, type StorageErrorCode } from '../storage-error.js';
import { CallError } from './transport/transport.js';

/** What a failed call means for the request it was made for. */
export interface Verdict {
  /** How the request fails, if it is not tried again. */
  readonly code: StorageErrorCode;
  /** Where it may be tried again: after a pause on the same member, on another one, or after a new login. Absent: nowhere. */
  readonly retry?: 'here' | 'elsewhere' | 'login';
  /** A write was surely not applied. */
  readonly notApplied: boolean;
}

const COMPACTED: Verdict = { code: 'compacted', notApplied: true };
const FUTURE: Verdict = { code: 'futureRevision', notApplied: true };
const REJECTED: Verdict = { code: 'rejected', notApplied: true };
const TOO_LARGE: Verdict = { code: 'tooLarge', notApplied: true };
/** etcd applies the write that takes the last of its space, and says so of that one, too. Nothing of it is under way any more. */
const FULL: Verdict = { code: 'ambiguous', notApplied: false };
const REFUSED: Verdict = { code: 'unavailable', notApplied: true };
const LEASE_GONE: Verdict = { code: 'unavailable', notApplied: true };
const BUSY: Verdict = { code: 'unavailable', retry: 'here', notApplied: true };
const LOGIN: Verdict = { code: 'unavailable', retry: 'login', notApplied: true };
const UNREACHABLE: Verdict = { code: 'unreachable', retry: 'elsewhere', notApplied: true };
/** This member does not take the request; another one may. */
const NOT_THIS_MEMBER: Verdict = { code: 'unavailable', retry: 'elsewhere', notApplied: true };
const NO_ANSWER: Verdict = { code: 'timeout', retry: 'elsewhere', notApplied: false };
const LOST: Verdict = { code: 'unavailable', retry: 'elsewhere', notApplied: false };
const BROKEN_OFF: Verdict = { ...LOST, code: 'unreachable' };

/** etcd's messages behind `etcdserver: `, by their beginning. */
const BY_MESSAGE: ReadonlyArray<readonly [message: string, verdict: Verdict]> = [
  ['mvcc: required revision has been compacted', COMPACTED],
  ['mvcc: required revision is a future revision', FUTURE],
  ['mvcc: database space exceeded', FULL],
  ['request is too large', TOO_LARGE],
  ['no leader', NOT_THIS_MEMBER],
  ['rpc not supported for learner', NOT_THIS_MEMBER],
  ['not capable', NOT_THIS_MEMBER],
  ['too many requests', BUSY],
  ['leader changed', LOST],
  ['request timed out', NO_ANSWER],
  ['server stopped', LOST],
  ['requested lease not found', LEASE_GONE],
  ['lease already exists', REFUSED],
  ['permission denied', REFUSED],
  ['authentication failed', REFUSED],
  ['user name is empty', REFUSED],
  ['invalid auth token', LOGIN],
  ['revision of auth store is old', LOGIN],
];

/** What remains, by gRPC status. A status that is not here, such as INTERNAL of a reset stream, tells nothing: `BROKEN_OFF`. */
const BY_STATUS: Readonly<Record<number, Verdict>> = {
  [status.DEADLINE_EXCEEDED]: NO_ANSWER,
  [status.INVALID_ARGUMENT]: REJECTED,
  [status.OUT_OF_RANGE]: REJECTED,
  // The message is above gRPC's size limit of the server.
  [status.RESOURCE_EXHAUSTED]: TOO_LARGE,
  [status.FAILED_PRECONDITION]: REFUSED,
  [status.NOT_FOUND]: REFUSED,
  [status.PERMISSION_DENIED]: REFUSED,
  [status.UNAUTHENTICATED]: REFUSED,
  [status.UNIMPLEMENTED]: REFUSED,
};

/** Bare in the status of a call, behind `rpc error: code = … desc = ` in the reason of a cancelled watch. */
const ETCD_MESSAGE = /^(?:rpc error: .*? desc = )?etcdserver: (.*)/s;

export function verdictOn(error: CallError): Verdict {
  if (!error.sent) return UNREACHABLE;
  const message = ETCD_MESSAGE.exec(error.details)?.[1];
  const byMessage = message === undefined ? undefined : BY_MESSAGE.find(([start]) => message.startsWith(start));
  return byMessage?.[1] ?? BY_STATUS[error.status] ?? BROKEN_OFF;
}

/** True for a put whose lease is gone; nothing was written. */
export function isLeaseNotFound(error: unknown): boolean {
  return isFailure(error, LEASE_GONE);
}

/** True for a write that etcd says it has no space for. */
export function isOutOfSpace(error: unknown): boolean {
  return isFailure(error, FULL);
}

function isFailure(error: unknown, verdict: Verdict): boolean {
  return error instanceof StorageError && error.cause instanceof CallError && verdictOn(error.cause) === verdict;
}

/** In etcd's own words, which clients of kube-apiserver know; those of the connection say whose it is. */
export function storageError(code: StorageErrorCode, cause: CallError): StorageError {
  const answered = cause.details.startsWith('etcdserver: ');
  return new StorageError(code, answered ? cause.details : `etcd: ${cause.details}`, undefined, { cause, answered });
}
