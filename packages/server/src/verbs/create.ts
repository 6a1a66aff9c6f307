import { alreadyExists, badRequest, generateNameConflict, type KubeObject } from '@keelson/machinery';
import { isStorageError, type StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { isUninitialized } from '../initializers/is-uninitialized.js';
import { whenInitialized } from '../initializers/when-initialized.js';
import { createPipeline } from '../pipeline/create-pipeline.js';
import { settleReservation } from '../pipeline/reservation.js';
import { reviewPipeline } from '../pipeline/review-pipeline.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import { negotiateAnswer, negotiateObject, writeObject, writeStored } from '../respond/respond.js';
import { isStatus, writeStatusIn } from '../respond/status.js';
import { writeOptions } from './options.js';
import type { Target } from './target.js';
import { requestObject, ttlOf, unstored, writeRequest } from './write.js';

/** Attempts at a name for `generateName` before the client is told to retry (KEP-4420). */
const NAME_ATTEMPTS = 8;

/** POST on a collection. */
export async function create(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const { resource, schema } = target.version;
  const negotiated = resource.stored ? negotiateObject(ctx, schema) : negotiateAnswer(ctx, schema);
  const options = writeOptions(ctx.state.query, 'CreateOptions');
  const request = writeRequest(ctx, onCollection(target), options, services);
  if (resource.namespaced && request.namespace === '') throw badRequest('an empty namespace may not be set during creation');
  const object = await requestObject(ctx, request);
  if (!resource.stored) {
    const reviewed = await reviewPipeline(request, object);
    if (isStatus(reviewed)) writeStatusIn(ctx, 201, reviewed, negotiated);
    else writeObject(ctx, 201, schema, reviewed, negotiated);
    return;
  }
  const stored = await createStored(request, object);
  const { initializers } = services;
  const shown = initializers !== undefined && waits(request, target) ? await whenInitialized(request, stored, initializers) : stored;
  const code = target.uninitialized !== 'absent' && isUninitialized(shown) ? 202 : 201;
  writeStored(ctx, code, target.version, shown, negotiated);
}

/** What is created has the name that it says itself, whatever else its path names. */
function onCollection(target: Target): Target {
  return target.info.name === '' ? target : { ...target, info: { ...target.info, name: '' } };
}

/** Who may not see an object before it is initialized is answered when it is. */
function waits({ context }: WriteRequest, { uninitialized }: Target): boolean {
  return uninitialized === 'hidden' && !context.dryRun;
}

/** Runs the pipeline and stores what comes out of it, from the start under another generated name where one is taken. */
export async function createStored(request: WriteRequest, object: KubeObject): Promise<StoredObject> {
  const generated = request.name === '' && !object.metadata.name;
  let next = object;
  for (let attempt = 1; ; attempt++) {
    let hub = next;
    const write = async (): Promise<StoredObject> => {
      hub = await createPipeline(request, next);
      return store(request, hub);
    };
    try {
      return await settleReservation(request, write, () => true);
    } catch (error) {
      if (!isStorageError(error, 'keyExists')) throw error;
      const name = hub.metadata.name ?? '';
      if (!generated) throw alreadyExists(request.version.groupResource, name);
      if (attempt === NAME_ATTEMPTS) throw generateNameConflict(request.version.groupResource, name, 1);
      next = unnamed(request, hub);
    }
  }
}

/** The object again as if it had just been sent: names get into more places than metadata.name. */
function unnamed({ version }: WriteRequest, hub: KubeObject): KubeObject {
  const object = version.fromHub(hub);
  const { name: _name, uid: _uid, managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function store(request: WriteRequest, hub: KubeObject): Promise<StoredObject> {
  const { resource } = request.version;
  const path = resource.path(request.namespace, hub.metadata.name ?? '');
  if (request.context.dryRun) return dryRun(request, path, hub);
  const put = () => resource.store.create(path, resource.form.encode(hub), ttlOf(request, hub));
  try {
    return await put();
  } catch (error) {
    if (!isStorageError(error, 'tooLarge')) throw error;
    // Without telling who owns its fields it may have room.
    delete hub.metadata.managedFields;
    return put();
  }
}

async function dryRun(request: WriteRequest, path: string, hub: KubeObject): Promise<StoredObject> {
  const { resource } = request.version;
  const { object } = await resource.store.get(path, { at: 'consistent' });
  if (object !== undefined) throw alreadyExists(request.version.groupResource, hub.metadata.name ?? '');
  return unstored(request, path, hub, Number(hub.metadata.resourceVersion ?? 0));
}
