import {
  type ApiError,
  badRequest,
  formatGroupVersion,
  type GroupVersionKind,
  type KubeObject,
  unsupportedMediaType,
} from '@keelson/machinery';
import { type DecodedBody, DecodeError, decodeBody, type KindSchema, kinds } from '@keelson/schema';
import type { FieldValidation } from './write-request.js';

export const BODY_MEDIA = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;
export type BodyMedia = (typeof BODY_MEDIA)[number];

/** The media type of a request body; throws 415. No Content-Type means JSON. */
export function bodyMedia(contentType: string | undefined): BodyMedia {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'application/json';
  const known = BODY_MEDIA.find((media) => media === type);
  if (known === undefined) throw unsupportedMediaType(BODY_MEDIA);
  return known;
}

/**
 * The canonical object of a request body that must be of `kind`. A body without TypeMeta is taken as that kind. Strict
 * problems are refused, told as warnings, or ignored, as `validation` says.
 */
export function decodeObject<T extends object = KubeObject>(
  kind: KindSchema<T>,
  body: Buffer,
  media: BodyMedia,
  validation: FieldValidation,
  warn: (text: string) => void,
): T {
  const { strictErrors, object } = decode(kind, body, media, validation);
  if (strictErrors.length > 0) {
    if (validation === 'Strict') throw cannotBeHandled(kind, kind, `strict decoding error: ${strictErrors.join(', ')}`);
    if (validation === 'Warn') for (const problem of strictErrors) warn(problem);
  }
  return object;
}

function decode<T extends object>(kind: KindSchema<T>, body: Buffer, media: BodyMedia, validation: FieldValidation): DecodedBody<T> {
  try {
    return decodeBody(kind, body, media, { strict: validation !== 'Ignore' });
  } catch (error) {
    throw error instanceof DecodeError ? refuse(kind, error) : error;
  }
}

function refuse(kind: GroupVersionKind, error: DecodeError): ApiError {
  const { found } = error;
  if (found === undefined) return badRequest(error.message);
  if (found.kind === kind.kind && found.group === kind.group && found.version === kind.version)
    return cannotBeHandled(found, kind, error.message);
  return cannotBeHandled(found, kind, unknownKindText(found, kind));
}

function unknownKindText(found: GroupVersionKind, kind: GroupVersionKind): string {
  const gv = formatGroupVersion(found);
  if (kinds.find(found.group, found.version, found.kind) === undefined)
    return `no kind ${JSON.stringify(found.kind)} is registered for version ${JSON.stringify(gv)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  return `converting (${found.version}.${found.kind}) to (${kind.group.split('.', 1)[0] || 'core'}.${kind.kind}): unknown conversion`;
}

function cannotBeHandled(found: GroupVersionKind, kind: GroupVersionKind, why: string): ApiError {
  return badRequest(`${found.kind} in version ${JSON.stringify(formatGroupVersion(found))} cannot be handled as a ${kind.kind}: ${why}`);
}
