import { ApiError, badRequest, type JsonObject, type KubeObject, notFound } from '@keelson/machinery';
import { type BodyFormat, DecodeError, decodeDeleteOptions, type meta } from '@keelson/schema';
import type { StoredObject, UpdateOutcome, UpdateResult } from '@keelson/storage';
import { auditDeleteOptions } from '../audit/request-object.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { admissionAttributes } from '../pipeline/admission-attributes.js';
import { bodyFormat } from '../pipeline/decode.js';
import { checkDeletePreconditions, type Deletion, deletion } from '../pipeline/deletion.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { DeleteContext } from '../resource/definition.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Negotiated } from '../respond/negotiate.js';
import { negotiateObject, writeStored } from '../respond/respond.js';
import { successStatus, writeStatusIn } from '../respond/status.js';
import { deleteUnread } from './delete-unread.js';
import { checkDeleteOptions, type DeleteOptions, deleteOptionsFromQuery } from './options.js';
import { type Target, targetPath } from './target.js';
import { applyUpdate, removal } from './update-outcome.js';
import { writeRequest } from './write.js';

/** DELETE of one object. */
export async function deleteOne(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const negotiated = negotiateObject(ctx, target.version.schema);
  const options = await readDeleteOptions(ctx, services);
  if (options.ignoreReadError) return deleteUnread(ctx, target, services, negotiated);
  warnOfDeletion(ctx, target, options);
  const request = deleteRequest(ctx, target, options, services);
  const outcome = await deleteObject(request, targetPath(target), options);
  writeDeleted(ctx, request, outcome, options, negotiated);
}

/** From the body where there is one, else from the query. */
export async function readDeleteOptions(ctx: KeelsonContext, { features }: WriteServices): Promise<DeleteOptions> {
  const body = await readBody(ctx.state);
  if (body.length === 0) return checkDeleteOptions(deleteOptionsFromQuery(ctx.state.query), features);
  const format = bodyFormat(ctx.req.headers['content-type']);
  const options = decodedOptions(body, format) as unknown as JsonObject;
  auditDeleteOptions(ctx.state, options);
  return checkDeleteOptions(options, features);
}

/** Kubernetes takes it for a fault of its own when it cannot read them. */
function decodedOptions(body: Buffer, format: BodyFormat): meta.v1.DeleteOptions {
  try {
    return decodeDeleteOptions(body, format);
  } catch (error) {
    throw error instanceof DecodeError ? new ApiError(500, '', error.message, undefined, { cause: error }) : error;
  }
}

export function deleteRequest(ctx: KeelsonContext, target: Target, options: DeleteOptions, services: WriteServices): WriteRequest {
  const { dryRun, object } = options;
  return writeRequest(ctx, target, { dryRun, object, fieldManager: '', fieldValidation: 'Ignore', force: undefined }, services);
}

function deleteContext({ apiVersion }: ResourceVersion, options: DeleteOptions): DeleteContext {
  const { gracePeriodSeconds, propagationPolicy, orphanDependents } = options;
  return {
    apiVersion,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...((propagationPolicy !== undefined || orphanDependents !== undefined) && { explicitPolicy: true }),
  };
}

export function warnOfDeletion(ctx: KeelsonContext, { version }: Target, options: DeleteOptions): void {
  const { definition } = version.resource;
  for (const text of definition.deleteWarnings?.(deleteContext(version, options)) ?? []) ctx.state.warn(text);
}

/** Removes an object, or marks it where a finalizer or a grace period keeps it. */
export async function deleteObject(request: WriteRequest, path: string, options: DeleteOptions): Promise<UpdateOutcome> {
  const { resource } = request.version;
  const context = deleteContext(request.version, options);
  let verdict = 'pending' as Deletion;
  const outcome = await applyUpdate(request, path, async (current): Promise<UpdateResult> => {
    if (current === undefined) throw notFound(request.version.groupResource, request.name);
    const object = request.version.hubObject(current);
    checkDeletePreconditions(object, options, resource);
    await admitDeletion(request, object);
    verdict = deletion(resource, object, options, context, Date.now());
    if (verdict === 'pending') return { action: 'keep' };
    if (verdict === 'mark') return { action: 'put', value: resource.form.encode(object) };
    await resource.definition.beforeDelete?.(object, request.context);
    return verdict === 'remove' ? { action: 'delete' } : { action: 'put', value: resource.form.encode(object) };
  });
  return verdict === 'markAndRemove' ? removeMarked(request, path, outcome) : outcome;
}

/** The second half of a removal in two steps: an object that is gone, or another one by now, is gone as asked. */
async function removeMarked(request: WriteRequest, path: string, marked: UpdateOutcome): Promise<UpdateOutcome> {
  const removed: UpdateOutcome = { ...marked, action: 'deleted' };
  if (request.context.dryRun || marked.current === undefined) return removed;
  const { uid } = request.version.hubObject(marked.current).metadata;
  const outcome = await applyUpdate(request, path, async (current) => removal(request, current, (other) => other === uid));
  return outcome.action === 'deleted' ? outcome : removed;
}

async function admitDeletion(request: WriteRequest, object: KubeObject): Promise<void> {
  const { admission } = request.services;
  const attributes = admissionAttributes(request, 'DELETE', undefined, object);
  await admission.mutate(attributes);
  await admission.validate(attributes);
}

function writeDeleted(
  ctx: KeelsonContext,
  request: WriteRequest,
  outcome: UpdateOutcome,
  options: DeleteOptions,
  negotiated: Negotiated,
): void {
  const { resource } = request.version;
  const last = outcome.current ?? outcome.previous;
  if (last === undefined) throw badRequest('nothing was deleted');
  if (outcome.action !== 'deleted') {
    writeStored(ctx, options.orphanDependents === false ? 202 : 200, request.version, last, negotiated);
  } else if (resource.definition.deleteReturns === 'object') {
    writeStored(ctx, 200, request.version, last, negotiated);
  } else {
    writeStatusIn(ctx, 200, deletedStatus(request, last), negotiated);
  }
}

function deletedStatus({ version, name }: WriteRequest, last: StoredObject) {
  const { group, resource } = version.groupResource;
  const { uid } = version.hubObject(last).metadata;
  return successStatus({ name, ...(group !== '' && { group }), kind: resource, ...(uid !== undefined && { uid }) });
}
