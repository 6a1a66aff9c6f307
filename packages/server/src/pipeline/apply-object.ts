import { badRequest, type JsonObject, type KubeObject, type ManagedFieldsEntry, plainFailure } from '@keelson/machinery';
import { type ApplyOutcome, apply, describeKind, describeObject } from '@keelson/patch';
import { DecodeError, duplicateKeyError, type KindSchema, restoreObject, withoutRawTexts } from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import { asJson } from './as-json.js';
import { inAllVersions, requestVersion } from './managed-fields.js';
import type { WriteRequest } from './write-request.js';

/** The body of an apply, parsed, and whether it takes what others own. */
export interface ParsedApply {
  readonly applied: JsonObject;
  /** What strict reading tells of it. */
  readonly duplicates: readonly string[];
  readonly force: boolean;
}

export interface AppliedObject {
  /** Canonical, in the request's version (or the view's kind). */
  readonly object: KubeObject;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
  readonly changed: boolean;
}

/** Server-side apply (KEP-555) onto `live`, which is in the request's version; undefined where it creates. */
export async function applyObject(request: WriteRequest, parsed: ParsedApply, live: KubeObject | undefined): Promise<AppliedObject> {
  const { applied, force } = parsed;
  const { version, manager, subresource, context } = request;
  const outcome = await inAllVersions(request, (conversions) =>
    apply({
      ...requestVersion(request, conversions),
      kind: version.kind,
      empty: typed(version.schema, version.empty),
      applied,
      ...(live && { live: typed(version.schema, live) }),
      manager,
      subresource,
      force,
      now: context.now,
    }),
  );
  const object = readApplied(version.schema, outcome, applied);
  checkDuplicates(request, parsed);
  return { object, managedFields: outcome.managedFields, changed: outcome.changed };
}

/** Comes after what applying itself finds wrong. */
function checkDuplicates({ fieldValidation, context }: WriteRequest, { duplicates }: ParsedApply): void {
  if (duplicates.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict')
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${duplicateKeyError(duplicates)}`);
  for (const duplicate of duplicates) context.warn(duplicate);
}

/** With the TypeMeta that applied objects carry: without it every apply would seem to change something. */
export function typed(schema: KindSchema, object: KubeObject): JsonObject {
  return { apiVersion: apiVersionOf(schema), kind: schema.kind, ...asJson(object) };
}

/** An object may have the fields of its type, and yet in one of them what is no quantity, or no time. What has changed is written anew. */
export function readApplied(schema: KindSchema, { object, changed }: ApplyOutcome, applied: JsonObject): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, ...fields } = object;
  try {
    return restoreObject(schema, changed ? withoutRawTexts(schema.type, fields, 'apply') : fields);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = `unable to convert unstructured object to ${describeKind(applied)}: ${error.message}`;
    throw plainFailure(`failed to convert new object (${describeObject(applied)}) to proper version: ${why}`);
  }
}

/** An applied object may leave out its namespace, and its name where it is there; others than in the URL are refused. One of another kind is refused for that. */
export function checkAppliedIdentity({ version, name, namespace }: WriteRequest, applied: JsonObject): void {
  if (applied.apiVersion !== version.apiVersion || applied.kind !== version.kind) return;
  const metadata = (applied.metadata ?? {}) as JsonObject;
  if (typeof metadata.name === 'string' && metadata.name !== '' && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  const given = version.resource.namespaced ? metadata.namespace : '';
  if (typeof given === 'string' && given !== '' && given !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
