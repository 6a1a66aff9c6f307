import type { Json, JsonObject, KubeObject } from '@keelson/machinery';
import { applyPatch, type PatchKind, undecodablePatch } from '@keelson/patch';
import { DecodeError, type KindSchema, type StrictSink, withoutRawTexts } from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import type { WriteRequest } from './write-request.js';

/** The body of a PATCH, parsed. */
export interface ParsedPatch {
  readonly kind: PatchKind;
  readonly body: Json;
}

export interface PatchedObject {
  /** Canonical, as a client would have sent it whole. */
  readonly object: KubeObject;
  /** `metadata.managedFields` as patched: decoding does not tell an empty list from none. */
  readonly sentManagedFields: Json | undefined;
}

/** Patches `object`, which is of `schema`, and reads the result as a client's object, with what strict decoding finds in it. */
export function patchObject(request: WriteRequest, schema: KindSchema, patch: ParsedPatch, object: KubeObject): PatchedObject {
  const { fieldValidation, context } = request;
  const { confidential = false } = request.version.resource.definition;
  const { kind, body } = patch;
  const problems: string[] = [];
  const strict = fieldValidation === 'Ignore' ? undefined : { add: (problem: string) => void problems.push(problem) };
  const before = { kind: schema.kind, apiVersion: apiVersionOf(schema), ...object } as unknown as JsonObject;
  const patched = applyPatch(kind, before, body, schema.type, { confidential, ...(strict && { strict }) });
  const undecodable = (why: string) => undecodablePatch(kind, body, patched, why, { confidential });
  const canonical = readPatched(schema, kind, patched, strict, undecodable);
  if (fieldValidation === 'Strict' && problems.length > 0) throw undecodable(`strict decoding error: ${problems.join(', ')}`);
  for (const problem of problems) context.warn(problem);
  return { object: canonical, sentManagedFields: sentManagedFields(patched) };
}

function readPatched(
  schema: KindSchema,
  kind: PatchKind,
  patched: JsonObject,
  strict: StrictSink | undefined,
  undecodable: (why: string) => Error,
): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, ...fields } = patched;
  try {
    return schema.codec.fromJson(withoutRawTexts(schema.type, fields, kind), strict);
  } catch (error) {
    throw error instanceof DecodeError ? undecodable(error.message) : error;
  }
}

function sentManagedFields({ metadata }: JsonObject): Json | undefined {
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata.managedFields : undefined;
}
