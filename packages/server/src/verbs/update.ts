import { type KubeObject, notFound } from '@keelson/machinery';
import type { StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { createPipeline } from '../pipeline/create-pipeline.js';
import { BY_CHANGE, isNoWrite, type Ownership } from '../pipeline/managed-fields.js';
import { checkUid, endsDeletion, updatePipeline } from '../pipeline/update-pipeline.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { Resource } from '../resource/resource.js';
import { negotiateObject } from '../respond/respond.js';
import { writeOptions } from './options.js';
import { checkNamed, type Target, targetPath } from './target.js';
import { type Change, updateStored, writeUpdated } from './update-outcome.js';
import { checkName, requestReader, type SentObject, ttlOf, writeRequest } from './write.js';

/** PUT on an object or on a part of it. */
export async function update(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  checkNamed(target);
  const negotiated = negotiateObject(ctx, target.version.schema);
  const request = writeRequest(ctx, target, writeOptions(ctx.state.query, 'UpdateOptions'), services);
  const read = await requestReader(ctx, request);
  let first: SentObject | undefined = read();
  checkName(request, first.object);
  const outcome = await updateStored(request, targetPath(target), (current) => {
    const sent = first ?? read();
    first = undefined;
    return updateOnto(request, sent, current);
  });
  writeUpdated(ctx, request, outcome, negotiated);
}

const DISOWNED: Ownership = { by: 'change', sent: [] };

async function updateOnto(request: WriteRequest, { object, disowns }: SentObject, current: StoredObject | undefined): Promise<Change> {
  if (current === undefined) return createByUpdate(request, object);
  const old = request.version.hubObject(current);
  const asked = request.part?.view === undefined ? object : mergedView(request, object, old);
  checkUid(request, asked, old);
  return updatedObject(request, asked, { stored: current, hub: old }, disowns ? DISOWNED : BY_CHANGE);
}

/** What an update replaces: as it is stored, and in the hub's shape. */
export interface Replaced {
  readonly stored: StoredObject;
  readonly hub: KubeObject;
}

/**
 * Runs an object that is to replace another one through the pipeline; the last finalizer gone, it is deleted instead.
 * An update that changes nothing is a write only when what is stored is not of the version, or not sealed by the key, of now.
 */
export async function updatedObject(
  request: WriteRequest,
  object: KubeObject,
  { stored, hub: old }: Replaced,
  ownership?: Ownership,
): Promise<Change> {
  const { resource } = request.version;
  const hub = await updatePipeline(request, object, old, ownership);
  if (endsDeletion(hub) && !resource.definition.holdsDeletion?.(hub)) return { action: 'delete', removed: hub };
  const unchanged = isNoWrite(old, hub);
  if (unchanged && !stored.isStale && resource.form.isCurrent(stored.value)) return { action: 'keep' };
  const value = resource.form.encode(unchanged ? old : hub);
  return { action: 'put', value, evenIfSame: changesReading(resource, stored, value), ...ttlOf(request, hub) };
}

/** What is stored without its defaults is read with them: an object that has lost them is another one, whose bytes may be the same. */
function changesReading({ form }: Resource, stored: StoredObject, value: Buffer): boolean {
  return value.equals(stored.value) && !form.isCurrent(stored.value);
}

/** PUT on nothing: 404, but for the few kinds that it makes. */
async function createByUpdate(request: WriteRequest, object: KubeObject): Promise<Change> {
  const { resource } = request.version;
  if (!resource.definition.createOnUpdate) throw notFound(request.version.groupResource, request.name);
  return createdObject(request, object);
}

/** Runs an object that is to be made under the name in the URL through the pipeline. A revision it names is of no object and means nothing. */
export async function createdObject(request: WriteRequest, object: KubeObject, ownership?: Ownership): Promise<Change> {
  delete object.metadata.resourceVersion;
  const hub = await createPipeline(request, object, ownership);
  return { action: 'put', value: request.version.resource.form.encode(hub), ...ttlOf(request, hub) };
}

/** The parent, in the request's version, with what a view (such as a Scale) changes in it. */
export function mergedView(request: WriteRequest, view: KubeObject, old: KubeObject): KubeObject {
  const parent = structuredClone(old);
  const { uid, resourceVersion } = view.metadata;
  if (uid !== undefined) parent.metadata.uid = uid;
  if (resourceVersion !== undefined) parent.metadata.resourceVersion = resourceVersion;
  request.part?.merge?.(parent, view);
  return request.version.fromHub(parent);
}
