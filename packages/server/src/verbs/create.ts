import { alreadyExists, badRequest, generateName, generateNameConflict, type KubeObject } from '@keelson/machinery';
import { isStorageError, type StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { createPipeline, requireName } from '../pipeline/create-pipeline.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import { negotiateObject, writeObject, writeStored } from '../respond/respond.js';
import { writeOptions } from './options.js';
import type { Target } from './target.js';
import { requestObject, ttlOf, unstored, writeRequest } from './write.js';

/** Attempts at a name for `generateName` before the client is told to retry (KEP-4420). */
const NAME_ATTEMPTS = 8;

/** POST on a collection. */
export async function create(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const negotiated = negotiateObject(ctx);
  const options = writeOptions(ctx.state.query, 'CreateOptions');
  const request = writeRequest(ctx, target, options, services);
  if (target.version.resource.namespaced && request.namespace === '') throw badRequest('an empty namespace may not be set during creation');
  const object = await requestObject(ctx, request);
  if (!target.version.resource.stored) {
    const reviewed = await review(request, object);
    writeObject(ctx, 201, target.version.schema, reviewed, negotiated);
    return;
  }
  requireName(request, object);
  const stored = await createStored(request, object);
  writeStored(ctx, 201, target.version, stored, negotiated);
}

async function review({ version, context }: WriteRequest, object: KubeObject): Promise<KubeObject> {
  const { definition } = version.resource;
  const answer = await definition.review?.(version.toHub(object), context);
  return answer === undefined ? object : version.fromHub(answer);
}

/** Runs the pipeline and stores what comes out of it, under another generated name where one is taken. */
export async function createStored(request: WriteRequest, object: KubeObject): Promise<StoredObject> {
  const hub = await createPipeline(request, object);
  const { resource } = request.version;
  const base = hub.metadata.generateName;
  const given = request.name !== '' || !base || (hub.metadata.name !== undefined && !hub.metadata.name.startsWith(base));
  for (let attempt = 1; ; attempt++) {
    const name = hub.metadata.name ?? '';
    const path = resource.path(request.namespace, name);
    if (request.context.dryRun) return dryRun(request, path, hub);
    try {
      return await resource.store.create(path, resource.form.encode(hub), ttlOf(request, hub));
    } catch (error) {
      if (!isStorageError(error, 'keyExists')) throw error;
      if (given) throw alreadyExists(request.version.groupResource, name);
      if (attempt === NAME_ATTEMPTS) throw generateNameConflict(request.version.groupResource, name, 1);
      hub.metadata.name = generateName(base);
    }
  }
}

async function dryRun(request: WriteRequest, path: string, hub: KubeObject): Promise<StoredObject> {
  const { resource } = request.version;
  const { object } = await resource.store.get(path, { at: 'consistent' });
  if (object !== undefined) throw alreadyExists(request.version.groupResource, hub.metadata.name ?? '');
  return unstored(request, path, hub);
}
