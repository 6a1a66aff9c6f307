import { type Json, type JsonObject, type KubeObject, quote } from '@keelson/machinery';
import { applyPatch, type PatchKind, undecodablePatch } from '@keelson/patch';
import {
  DecodeError,
  isNoVersion,
  type KindSchema,
  type ParsedBody,
  patchedCustomKindRefusal,
  readSent,
  restoreObject,
  type StrictSink,
  sortedJson,
  strictDecodingError,
  withoutDecimals,
  withoutRawTexts,
} from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import { readPatchedVersion } from './patched-version.js';
import { type RepeatedKeys, repeatedKeys } from './repeated-keys.js';
import type { WriteRequest } from './write-request.js';

/** The body of a PATCH, parsed. */
export interface ParsedPatch {
  readonly kind: PatchKind;
  readonly body: ParsedBody;
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
  const problems = new Problems();
  const strict = fieldValidation === 'Ignore' ? undefined : problems;
  const { ofPatch, ofObject } = strict ? repeatedKeys(kind, body) : noneRepeated;
  for (const twice of ofPatch) problems.add(twice);
  const before = { kind: schema.kind, apiVersion: apiVersionOf(schema), ...object } as unknown as JsonObject;
  const patched = applyPatch(kind, before, body.value, schema.type, { confidential, ...(strict && { strict }) });
  const shown = () => (schema.custom ? sortedJson(patched) : patched);
  const undecodable = (why: string) => undecodablePatch(kind, body.value, shown(), why, { confidential });
  const unknown = new Problems();
  if (schema.custom) checkCustomKind(request, schema, patched, undecodable);
  const canonical = decoded(() => readPatched(request, schema, patch, patched, strict && unknown), undecodable);
  for (const twice of ofObject) if (schema.custom || !isWithin(unknown.texts, twice)) problems.add(twice);
  for (const problem of kind === 'strategic' ? unknown.texts.sort() : unknown.texts) problems.add(problem);
  if (fieldValidation === 'Strict' && problems.texts.length > 0) throw undecodable(strictDecodingError(problems.texts));
  for (const problem of problems.texts) context.warn(problem);
  return { object: canonical, sentManagedFields: sentManagedFields(schema, patched) };
}

const noneRepeated: RepeatedKeys = { ofPatch: [], ofObject: [] };

/** What is in a field of a built-in kind that is not known is not looked at. */
function isWithin(unknown: readonly string[], twice: string): boolean {
  return unknown.some((text) => twice.startsWith(`${text.replace(/^unknown/, 'duplicate').slice(0, -1)}.`));
}

class Problems implements StrictSink {
  readonly texts: string[] = [];

  add(problem: string): void {
    this.texts.push(problem);
  }
}

/** A part that is written of an object says nothing of what the whole is. */
function checkCustomKind({ part }: WriteRequest, schema: KindSchema, patched: JsonObject, undecodable: (why: string) => Error): void {
  const refusal = decoded(() => patchedCustomKindRefusal(schema, patched), undecodable);
  if (refusal !== undefined && part === undefined) throw refusal;
}

function decoded<T>(read: () => T, undecodable: (why: string) => Error): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DecodeError ? undecodable(error.message) : error;
  }
}

function readPatched(
  request: WriteRequest,
  schema: KindSchema,
  patch: ParsedPatch,
  patched: JsonObject,
  strict: StrictSink | undefined,
): KubeObject {
  if (schema.custom) {
    const { kind: _kind, apiVersion: _apiVersion, ...fields } = patched;
    return readSent(schema, patch.body.decimals ? withoutDecimals(fields) : fields, strict);
  }
  // A strategic patch changes a value of the kind, whatever that says of itself then.
  if (patch.kind === 'strategic') return restoreObject(schema, withoutRawTexts(schema.type, patched, patch.kind), strict);
  if (isNoVersion(patched.apiVersion)) return ofNoVersion(schema, patched, strict);
  return readPatchedVersion(request, schema, patch, patched, strict);
}

/** What says that it is of no version is read as Kubernetes' own form of the kind, which has other names for all there is. */
function ofNoVersion(schema: KindSchema, { kind: _kind, apiVersion: _apiVersion, ...fields }: JsonObject, strict?: StrictSink): KubeObject {
  for (const name of Object.keys(fields)) strict?.add(`unknown field ${quote(name)}`);
  return schema.codec.fromJson({});
}

function sentManagedFields({ custom }: KindSchema, { metadata }: JsonObject): Json | undefined {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return undefined;
  const { managedFields } = metadata;
  // An empty list of a custom resource is as good as none.
  return custom && Array.isArray(managedFields) && managedFields.length === 0 ? undefined : managedFields;
}
