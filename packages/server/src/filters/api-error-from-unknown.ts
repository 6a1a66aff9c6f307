import {
  ApiError,
  alreadyExists,
  badRequest,
  expired,
  type GroupResource,
  internalError,
  notFound,
  serviceUnavailable,
  tooLargeResourceVersion,
} from '@keelson/machinery';
import { DecodeError } from '@keelson/schema';
import { StorageError, type StorageErrorCode, UnreadableObjects } from '@keelson/storage';
import type { Query } from '../http/query.js';
import { storageReadError } from './corrupt-objects.js';
import type { RequestInfo } from './request-info.js';

/** What a message may have to say about the request that failed. */
export interface FailedRequest {
  readonly info: RequestInfo;
  readonly query: Query;
}

/** The failure a client sees for anything that can be thrown. */
export function apiErrorFromUnknown(thrown: unknown, request: FailedRequest): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof StorageError) return storageFailures[thrown.code](thrown, request);
  if (thrown instanceof DecodeError) return badRequest(thrown.message);
  return internalError(thrown);
}

type StorageFailure = (error: StorageError, request: FailedRequest) => ApiError;

/** A failure of the store that has no reason of its own shows the store's words, as kube-apiserver shows etcd's. */
const storeWords: StorageFailure = (error) => new ApiError(500, '', error.message, undefined, { cause: error });

/** kube-apiserver waits for an answer of etcd until the time of the request is over; clients are told the same where none came. */
const outOfTime: StorageFailure = (error) => {
  return new ApiError(
    504,
    'Timeout',
    'Timeout: request did not complete within requested timeout - context deadline exceeded',
    {},
    { cause: error },
  );
};

const storageFailures: Readonly<Record<StorageErrorCode, StorageFailure>> = {
  compacted: (_, { info }) => expired(`The resourceVersion for the provided ${info.verb === 'watch' ? 'watch' : 'list'} is too old.`),
  futureRevision: (error, { query }) => tooLargeResourceVersion(Number(query.get('resourceVersion')), error.revision ?? 0),
  keyExists: (_, { info }) => alreadyExists(groupResource(info), info.name),
  keyNotFound: (_, { info }) => notFound(groupResource(info), info.name),
  unreachable: outOfTime,
  unavailable: storeWords,
  ambiguous: (error, request) => (error.answered ? storeWords : outOfTime)(error, request),
  rejected: storeWords,
  tooLarge: storeWords,
  timeout: outOfTime,
  unreadable: (error, { info }) =>
    error instanceof UnreadableObjects ? storageReadError(groupResource(info), error) : internalError(error),
  closed: () => serviceUnavailable('apiserver is shutting down'),
};

function groupResource(info: RequestInfo): GroupResource {
  return { group: info.apiGroup, resource: info.resource };
}
