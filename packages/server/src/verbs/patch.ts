import { ApiError, badRequest, type Json, type JsonObject, type KubeObject, notFound } from '@keelson/machinery';
import { applyPatch, type PatchKind, undecodablePatch } from '@keelson/patch';
import { DecodeError, type KindSchema, parseJson } from '@keelson/schema';
import type { StoredObject, UpdateResult } from '@keelson/storage';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { endsDeletion, updatePipeline } from '../pipeline/update-pipeline.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import { apiVersionOf } from '../resource/resource.js';
import { negotiateObject } from '../respond/respond.js';
import { writeOptions } from './options.js';
import { type Target, targetPath } from './target.js';
import { mergedView } from './update.js';
import { applyUpdate, writeUpdated } from './update-outcome.js';
import { ttlOf, writeRequest } from './write.js';

const PATCH_KINDS: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

/** PATCH on an object or on a part of it. */
export async function patch(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const negotiated = negotiateObject(ctx);
  const kind = patchKind(ctx);
  const request = writeRequest(ctx, target, writeOptions(ctx.state.query, 'PatchOptions'), services);
  const body = parsePatch(await readBody(ctx.state));
  const outcome = await applyUpdate(request, targetPath(target), (current) => patchOnto(ctx, request, kind, body, current));
  writeUpdated(ctx, request, outcome, negotiated);
}

function patchKind(ctx: KeelsonContext): PatchKind {
  const type = (ctx.req.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  const kind = PATCH_KINDS[type];
  if (kind === undefined) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return kind;
}

function parsePatch(body: Buffer): Json {
  try {
    return parseJson(body);
  } catch (error) {
    throw error instanceof DecodeError ? badRequest(error.message) : error;
  }
}

async function patchOnto(
  ctx: KeelsonContext,
  request: WriteRequest,
  kind: PatchKind,
  body: Json,
  current: StoredObject | undefined,
): Promise<UpdateResult> {
  const { resource } = request.version;
  if (current === undefined) throw notFound(request.version.groupResource, request.name);
  const old = request.version.hubObject(current);
  const asked =
    request.part?.view === undefined ? patchedObject(ctx, request, kind, body, old) : patchedView(ctx, request, kind, body, old);
  const hub = await updatePipeline(request, asked, old);
  if (endsDeletion(hub) && !resource.definition.holdsDeletion?.(hub)) return { action: 'delete' };
  return { action: 'put', value: resource.form.encode(hub), ...ttlOf(request, hub) };
}

function patchedObject(ctx: KeelsonContext, request: WriteRequest, kind: PatchKind, body: Json, old: KubeObject): KubeObject {
  const { version } = request;
  const patched = patchTo(ctx, request, version.schema, kind, body, version.fromHub(structuredClone(old)));
  checkIdentity(request, patched);
  return patched;
}

function patchedView(ctx: KeelsonContext, request: WriteRequest, kind: PatchKind, body: Json, old: KubeObject): KubeObject {
  const schema = request.part?.kind ?? request.version.schema;
  const view = request.part?.view?.(old) as KubeObject;
  return mergedView(request, patchTo(ctx, request, schema, kind, body, view), old);
}

/** Patches an object of `schema` and reads the result as a client's object, with what strict decoding finds in it. */
function patchTo(
  ctx: KeelsonContext,
  request: WriteRequest,
  schema: KindSchema,
  kind: PatchKind,
  body: Json,
  object: KubeObject,
): KubeObject {
  const { fieldValidation } = request;
  const problems: string[] = [];
  const strict = fieldValidation === 'Ignore' ? undefined : { add: (problem: string) => void problems.push(problem) };
  const before = { kind: schema.kind, apiVersion: apiVersionOf(schema), ...object } as unknown as JsonObject;
  const patched = applyPatch(kind, before, body, schema.type, strict === undefined ? {} : { strict });
  const canonical = readPatched(schema, kind, body, patched, strict);
  if (fieldValidation === 'Strict' && problems.length > 0)
    throw undecodablePatch(kind, body, patched, `strict decoding error: ${problems.join(', ')}`);
  for (const problem of problems) ctx.state.warn(problem);
  return canonical;
}

function readPatched(
  schema: KindSchema,
  kind: PatchKind,
  body: Json,
  patched: JsonObject,
  strict: { add(problem: string): void } | undefined,
): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, ...fields } = patched;
  try {
    return schema.codec.fromJson(fields, strict);
  } catch (error) {
    throw error instanceof DecodeError ? undecodablePatch(kind, body, patched, error.message) : error;
  }
}

function checkIdentity({ version, name, namespace }: WriteRequest, { metadata }: KubeObject): void {
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`);
  if (version.resource.namespaced && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
