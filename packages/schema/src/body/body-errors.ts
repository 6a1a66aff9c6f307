import type { Buffer } from 'node:buffer';
import { type ApiError, badRequest, formatGroupVersion, type GroupVersion, type GroupVersionKind, quote } from '@keelson/machinery';
import type { DecodeError } from '../kind.js';

/** The error for a body that says what it is but is not a proper object of the expected kind. */
export function cannotBeHandled(given: GroupVersionKind, expected: GroupVersionKind, error: Error): ApiError {
  return badRequest(`${given.kind} in version ${quote(given.version)} cannot be handled as a ${expected.kind}: ${error.message}`);
}

/** The error for a body that does not even say what it is. */
export function unrecognized(expected: GroupVersionKind, error: DecodeError, body: Buffer): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${error.message} (${summary(body)})`);
}

const summaryBytes = 30;

/** The beginning of a body: as it is when it looks like JSON, else in hexadecimal. */
function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const encoding = body[0] === 0x7b ? 'utf8' : 'hex';
  const rest = body.length > summaryBytes ? ' ...' : '';
  return `${body.toString(encoding, 0, summaryBytes)}${rest}`;
}

/** The error for an object that is of another version than those of the path. */
export function otherVersion(expected: GroupVersion, given: GroupVersion): ApiError {
  return badRequest(
    `the API version in the data (${formatGroupVersion(given)}) does not match the expected API version (${formatGroupVersion(expected)})`,
  );
}
