import { badRequest, conflict, type Json, type KubeObject, notFound } from '@keelson/machinery';
import { DecodeError, unmarshalYaml } from '@keelson/schema';
import type { StoredObject, UpdateOutcome } from '@keelson/storage';
import { auditRequestPatch } from '../audit/request-object.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { applyObject, checkAppliedIdentity, type ParsedApply } from '../pipeline/apply-object.js';
import { applyView } from '../pipeline/view-ownership.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import { negotiateObject } from '../respond/respond.js';
import { writeOptions } from './options.js';
import { checkNamed, type Target, targetPath } from './target.js';
import { createdObject, mergedView, updatedObject } from './update.js';
import { applyUpdate, type Change, writeUpdated } from './update-outcome.js';
import { writeRequest } from './write.js';

/** PATCH with `application/apply-patch+yaml`: makes or changes an object so that it has what its manager says (KEP-555). */
export async function applyVerb(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  checkNamed(target);
  const negotiated = negotiateObject(ctx, target.version.schema);
  const options = writeOptions(ctx.state.query, 'PatchOptions', true);
  const request = writeRequest(ctx, target, options, services);
  const body = await readBody(ctx.state);
  auditRequestPatch(ctx.state, body);
  const { applied, duplicates } = parseApplied(body);
  const parsed = { applied, duplicates, force: options.force ?? false };
  checkAppliedIdentity(request, parsed.applied);
  const outcome = await applyStored(request, parsed, targetPath(target));
  writeUpdated(ctx, request, outcome, negotiated);
}

/** Applies to what is stored. */
export function applyStored(request: WriteRequest, parsed: ParsedApply, path: string): Promise<UpdateOutcome> {
  return applyUpdate(request, path, (current) => applyOnto(request, parsed, current));
}

function parseApplied(body: Buffer): Pick<ParsedApply, 'applied' | 'duplicates'> {
  const { value, duplicates } = parseYaml(body);
  // No object at all is one that says nothing.
  if (value === null) return { applied: {}, duplicates };
  if (typeof value === 'object' && !Array.isArray(value)) return { applied: value, duplicates };
  const why = `json: cannot unmarshal ${kindOf(value)} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
}

function parseYaml(body: Buffer): ReturnType<typeof unmarshalYaml> {
  try {
    return unmarshalYaml(body);
  } catch (error) {
    throw error instanceof DecodeError ? badRequest(`error decoding YAML: ${error.message}`) : error;
  }
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

async function applyOnto(request: WriteRequest, parsed: ParsedApply, current: StoredObject | undefined): Promise<Change> {
  const { version, part } = request;
  if (current === undefined) return applyCreates(request, parsed);
  const old = version.hubObject(current);
  const replaced = { stored: current, hub: old };
  if (part?.view !== undefined && part.kind !== undefined) {
    const { object, ...ownership } = applyView(request, parsed, part.kind, part.view(old), version.fromHub(old));
    return updatedObject(request, mergedView(request, object, old), replaced, { by: 'apply', ...ownership });
  }
  const { object, ...ownership } = await applyObject(request, parsed, version.object(current));
  return updatedObject(request, named(request, object), replaced, { by: 'apply', ...ownership });
}

async function applyCreates(request: WriteRequest, parsed: ParsedApply): Promise<Change> {
  const { groupResource } = request.version;
  if (request.subresource !== '') throw notFound(groupResource, request.name);
  checkIsNew(request, parsed);
  const { object, ...ownership } = await applyObject(request, parsed, undefined);
  return createdObject(request, named(request, object), { by: 'apply', ...ownership });
}

/** What names the object that it is to change is applied to that one alone. */
function checkIsNew({ version, name }: WriteRequest, { applied: { metadata } }: ParsedApply): void {
  const { uid } = (metadata ?? {}) as { readonly uid?: Json };
  if (typeof uid !== 'string' || uid === '') return;
  throw conflict(version.groupResource, name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
}

/** What is applied to nothing says its name, and what is applied to something does not take its name away. */
function named({ version, name, namespace }: WriteRequest, object: KubeObject): KubeObject {
  if (!object.metadata.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (version.resource.namespaced) object.metadata.namespace = namespace;
  else delete object.metadata.namespace;
  return object;
}
