import {
  ApiError,
  badRequest,
  formatJson,
  invalid,
  invalidField,
  type Json,
  type JsonObject,
  requestEntityTooLarge,
} from '@keelson/machinery';
import { jsonKind, type StrictSink, type TypeSchema } from '@keelson/schema';
import { formatPlain } from './go-format.js';
import { isDeeperThan, maxDepth } from './json/max-depth.js';
import { isJsonObject } from './json/own-property.js';
import { applyJsonPatch } from './json-patch/apply-json-patch.js';
import { decodeJsonPatch } from './json-patch/decode-json-patch.js';
import { JsonPatchError } from './json-patch/json-patch-error.js';
import { applyMergePatch } from './merge-patch/apply-merge-patch.js';
import { applyStrategicPatch } from './strategic/apply-strategic-patch.js';
import { StrategicPatchError } from './strategic/strategic-patch-error.js';

/** `application/json-patch+json`, `application/merge-patch+json`, `application/strategic-merge-patch+json`. */
export type PatchKind = 'json' | 'merge' | 'strategic';

/** Most operations a JSON patch may have. */
const maxJsonPatchOperations = 10_000;
const jsonPatchMembers: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

export interface PatchOptions {
  /**
   * Receives unknown members of JSON patch operations. Give it when field validation is `Warn` or `Strict`; without
   * it (`Ignore`) bodies of the wrong shape are also told differently, as Kubernetes does.
   */
  readonly strict?: StrictSink;
  /** Errors show nothing of what is patched. */
  readonly confidential?: boolean;
}

/** In place of a value that is nobody's business. */
const redacted = '<secret contents redacted>';

/**
 * Applies the parsed body of a PATCH request to an object as it was read, and returns what is to be decoded as the
 * new object. Throws `ApiError` with the answers Kubernetes gives. Neither argument is changed; the result shares
 * unchanged parts with `current`. Strategic patches need the kind's schema: refuse them (415) for kinds without one.
 */
export function applyPatch(kind: PatchKind, current: JsonObject, patch: Json, type: TypeSchema, options: PatchOptions = {}): JsonObject {
  if (isDeeperThan(patch, maxDepth)) throw badRequest('error decoding patch: exceeded max depth');
  switch (kind) {
    case 'json':
      return jsonPatch(current, patch, options);
    case 'merge':
      return mergePatch(current, patch, options);
    case 'strategic':
      return strategicPatch(current, patch, type, options);
  }
}

/**
 * The answer for a patched object that cannot be decoded, or has unknown fields under `Strict`: it shows the patched
 * object, or the patch itself when that is strategic.
 */
export function undecodablePatch(kind: PatchKind, patch: Json, patched: Json, why: string, { confidential }: PatchOptions = {}): ApiError {
  if (confidential) return invalidPatch(redacted, why);
  return invalidPatch(kind === 'strategic' ? formatPlain(patch) : formatJson(patched), why);
}

function jsonPatch(current: JsonObject, patch: Json, options: PatchOptions): JsonObject {
  const { strict } = options;
  const operations = jsonPatchOperations(patch, strict);
  if (operations.length > maxJsonPatchOperations) {
    throw requestEntityTooLarge(`The allowed maximum operations in a JSON patch is ${maxJsonPatchOperations}, got ${operations.length}`);
  }
  const patched = applied(() => applyJsonPatch(current, operations), options);
  if (!isJsonObject(patched)) throw notAnObject(patched, options);
  if (isDeeperThan(patched, maxDepth)) throw invalidPatch('', 'exceeded max depth');
  return patched;
}

function jsonPatchOperations(patch: Json, strict: StrictSink | undefined): JsonObject[] {
  const operations = decodedOperations(patch, strict !== undefined);
  if (strict) for (const [position, operation] of operations.entries()) checkOperation(operation, position, strict);
  return operations;
}

function decodedOperations(patch: Json, strict: boolean): JsonObject[] {
  try {
    return strict ? decodeJsonPatch(patch, '[]handlers.jsonPatchOp', 'handlers.jsonPatchOp') : decodeJsonPatch(patch);
  } catch (error) {
    throw error instanceof JsonPatchError ? badRequest(`${strict ? 'error decoding patch: ' : ''}${error.message}`) : error;
  }
}

function checkOperation(operation: JsonObject, position: number, strict: StrictSink): void {
  for (const [member, value] of Object.entries(operation)) {
    if (!jsonPatchMembers.has(member)) strict.add(`json patch unknown field "[${position}].${member}"`);
    else if (member !== 'value' && value !== null && typeof value !== 'string') {
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go struct field jsonPatchOp.${member} of type string`,
      );
    }
  }
}

function mergePatch(current: JsonObject, patch: Json, options: PatchOptions): JsonObject {
  if (isJsonObject(patch)) return applyMergePatch(current, patch);
  if (options.strict !== undefined && patch !== null) throw cannotDecode(patch, 'map[string]interface {}', true);
  if (Array.isArray(patch)) throw notAnObject(patch, options);
  throw badRequest('Invalid JSON Patch');
}

function strategicPatch(current: JsonObject, patch: Json, type: TypeSchema, options: PatchOptions): JsonObject {
  if (patch === null) return current;
  if (!isJsonObject(patch)) throw cannotDecode(patch, 'map[string]interface {}', false);
  return applied(() => applyStrategicPatch(current, patch, type), options);
}

/** Runs a patch, and turns what it finds wrong into the answer. */
function applied<T>(patch: () => T, options: PatchOptions): T {
  try {
    return patch();
  } catch (error) {
    if (error instanceof JsonPatchError) throw unprocessable(error);
    if (error instanceof StrategicPatchError) throw strategicAnswer(error, options);
    throw error;
  }
}

function strategicAnswer(error: StrategicPatchError, { confidential }: PatchOptions): ApiError {
  if (error.fault === 'format') return badRequest(error.message);
  if (error.fault === 'unprocessable') return unprocessable(error);
  if (confidential) return new ApiError(500, '', error.problem, undefined);
  return new ApiError(500, '', error.message, undefined, { cause: error });
}

/** Says nothing about the reason: that is what Kubernetes answers. */
function unprocessable(cause: Error): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {}, { cause });
}

function cannotDecode(value: Json, type: string, prefixed: boolean): ApiError {
  return badRequest(`${prefixed ? 'error decoding patch: ' : ''}json: cannot unmarshal ${jsonKind(value)} into Go value of type ${type}`);
}

function notAnObject(patched: Json, { confidential }: PatchOptions): ApiError {
  const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonKind(patched)} into Go value of type ${typeMeta}`;
  return invalidPatch(confidential ? redacted : formatJson(patched), why);
}

function invalidPatch(shown: string, why: string): ApiError {
  return invalid({ group: '', kind: '' }, '', [invalidField('patch', shown, why)]);
}
