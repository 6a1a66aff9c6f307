import type { FieldError } from '../field/field-error.js';
import { formatGroupKind, formatGroupResource, type GroupKind, type GroupResource } from '../meta/group-version.js';
import { quote } from '../quote.js';
import type { Status, StatusDetails, StatusReason } from './status.js';

/** A failure that a client sees: thrown anywhere below the filters, caught once, written as its `status`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;

  constructor(code: number, reason: StatusReason, message: string, details?: StatusDetails, options?: ErrorOptions) {
    super(message, options);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason !== '' && { reason }),
      ...(details && { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): StatusReason {
    return this.status.reason ?? '';
  }
}

/** Whether a request was refused for one of these reasons. */
export function hasReason(error: unknown, ...reasons: readonly StatusReason[]): error is ApiError {
  return error instanceof ApiError && reasons.includes(error.reason);
}

function resourceDetails({ group, resource }: GroupResource, name: string, rest: StatusDetails = {}): StatusDetails {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), ...(resource !== '' && { kind: resource }), ...rest };
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function unauthorized(message = 'Unauthorized'): ApiError {
  return new ApiError(401, 'Unauthorized', message);
}

export function forbidden(gr: GroupResource, name: string, why: string): ApiError {
  const subject = gr.resource === '' ? 'forbidden' : `${formatGroupResource(gr)}${name === '' ? '' : ` ${quote(name)}`} is forbidden`;
  return new ApiError(403, 'Forbidden', `${subject}: ${why}`, resourceDetails(gr, name));
}

export function notFound(gr: GroupResource, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${formatGroupResource(gr)} ${quote(name)} not found`, resourceDetails(gr, name));
}

/** The answer for a path that no layer serves. */
export function pathNotFound(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** The answer for a method that a path does not have. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function methodNotSupported(gr: GroupResource, action: string): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    `${action} is not supported on resources of kind ${quote(formatGroupResource(gr))}`,
    resourceDetails(gr, ''),
  );
}

export function notAcceptable(accepted: readonly string[]): ApiError {
  return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

/** The answer where a path has nothing in any of the media types that a client takes, whatever else it asks for. */
export function noRepresentation(available: readonly string[]): ApiError {
  return new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`, {});
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** The answer for a patch whose content type is none of the patch types. */
export function unsupportedPatchType(): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

export function alreadyExists(gr: GroupResource, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${formatGroupResource(gr)} ${quote(name)} already exists`, resourceDetails(gr, name));
}

export function generateNameConflict(gr: GroupResource, name: string, retryAfterSeconds: number): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${formatGroupResource(gr)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`,
    resourceDetails(gr, name, { retryAfterSeconds }),
  );
}

export function conflict(gr: GroupResource, name: string, why: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${formatGroupResource(gr)} ${quote(name)}: ${why}`,
    resourceDetails(gr, name),
  );
}

/** A resourceVersion or continue token that history no longer holds. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

export function requestEntityTooLarge(message: string): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity is too large: ${message}`);
}

export function invalid(gk: GroupKind, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map((e) => e.toString()))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${formatGroupKind(gk)} ${quote(name)} is invalid${texts.length > 0 ? `: ${list}` : ''}`;
  return new ApiError(422, 'Invalid', message, {
    ...(name !== '' && { name }),
    ...(gk.group !== '' && { group: gk.group }),
    ...(gk.kind !== '' && { kind: gk.kind }),
    ...(errors.length > 0 && { causes: errors.map((e) => ({ reason: e.type, message: e.body(), ...(e.field && { field: e.field }) })) }),
  });
}

export function internalError(cause: unknown): ApiError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] }, { cause });
}

/** The answer where Kubernetes has an error that is no status: its text, and nothing else. */
export function plainFailure(message: string): ApiError {
  return new ApiError(500, '', message);
}

export function serviceUnavailable(message: string): ApiError {
  return new ApiError(503, 'ServiceUnavailable', message);
}

export function timeout(message: string, retryAfterSeconds = 0): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: ${message}`, retryAfterSeconds > 0 ? { retryAfterSeconds } : {});
}

/** A read asked for a resourceVersion the store has not reached within the waiting time. */
export function tooLargeResourceVersion(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
