import { badRequest, type KubeObject, notFound, unsupportedMediaType, unsupportedPatchType } from '@keelson/machinery';
import type { PatchKind } from '@keelson/patch';
import { DecodeError, parseBody } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import { auditRequestPatch } from '../audit/request-object.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { type ParsedPatch, patchObject } from '../pipeline/patch-object.js';
import { checkUid } from '../pipeline/update-pipeline.js';
import { ownedView } from '../pipeline/view-ownership.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { negotiateObject } from '../respond/respond.js';
import { applyVerb } from './apply.js';
import { writeOptions } from './options.js';
import { checkNamed, type Target, targetPath } from './target.js';
import { mergedView, updatedObject } from './update.js';
import { type Change, updateStored, writeUpdated } from './update-outcome.js';
import { checkName, checkNamespace, writeRequest } from './write.js';

const PATCH_KINDS: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

/** What custom resources can be patched with. */
const CUSTOM_PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

const APPLY = 'application/apply-patch+yaml';

/** PATCH on an object or on a part of it. */
export async function patch(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  if (contentType(ctx) === APPLY) return applyVerb(ctx, target, services);
  const negotiated = negotiateObject(ctx, target.version.schema);
  const kind = patchKind(ctx, target.version);
  checkNamed(target);
  const request = writeRequest(ctx, target, writeOptions(ctx.state.query, 'PatchOptions'), services);
  const body = await readBody(ctx.state);
  auditRequestPatch(ctx.state, body);
  const parsed = { kind, body: parsePatch(body, kind, kind !== 'strategic' && request.fieldValidation !== 'Ignore') };
  const outcome = await updateStored(request, targetPath(target), (current) => patchOnto(request, parsed, current));
  writeUpdated(ctx, request, outcome, negotiated);
}

function contentType(ctx: KeelsonContext): string {
  return (ctx.req.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
}

/** Strategic patches go by what a built-in type says of itself. */
function patchKind(ctx: KeelsonContext, { schema }: ResourceVersion): PatchKind {
  const type = contentType(ctx);
  const kind = Object.hasOwn(PATCH_KINDS, type) ? PATCH_KINDS[type] : undefined;
  if (schema.custom && (kind === undefined || kind === 'strategic')) throw unsupportedMediaType(CUSTOM_PATCHES);
  if (kind === undefined) throw unsupportedPatchType();
  return kind;
}

/**
 * `strictly`: Kubernetes reads some patches twice then, and tells of the first time in other words. Strategic patches
 * are made of values, the others of text.
 */
function parsePatch(body: Buffer, kind: PatchKind, strictly: boolean): ParsedPatch['body'] {
  try {
    return parseBody(body, 'json', { decimals: kind !== 'strategic' });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (kind === 'merge' && !strictly) throw badRequest('Invalid JSON Patch');
    throw badRequest(`${strictly ? 'error decoding patch: ' : ''}${error.message}`);
  }
}

async function patchOnto(request: WriteRequest, parsed: ParsedPatch, current: StoredObject | undefined): Promise<Change> {
  const { version, part } = request;
  if (current === undefined) throw notFound(version.groupResource, request.name);
  const old = version.hubObject(current);
  const replaced = { stored: current, hub: old };
  if (part?.view !== undefined && part.kind !== undefined) {
    const view = ownedView(request, part.kind, part.patched?.(old) ?? part.view(old), version.object(current));
    const { object } = patchObject(request, part.kind, parsed, view);
    checkIdentity(request, object);
    const merged = mergedView(request, object, old);
    checkUid(request, merged, old);
    return updatedObject(request, merged, replaced);
  }
  const { object, sentManagedFields } = patchObject(request, version.schema, parsed, version.object(current));
  checkIdentity(request, object);
  return updatedObject(request, object, replaced, { by: 'change', ...(sentManagedFields !== undefined && { sent: sentManagedFields }) });
}

function checkIdentity(request: WriteRequest, object: KubeObject): void {
  checkName(request, object);
  checkNamespace(request, object);
}
