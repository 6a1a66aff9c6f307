import { type KubeObject, notFound } from '@keelson/machinery';
import type { StoredObject, UpdateOutcome, UpdateResult } from '@keelson/storage';
import { isStorageError, StoredObject as Stored } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { removeFailed } from '../initializers/remove-failed.js';
import { settleReservation } from '../pipeline/reservation.js';
import type { WriteRequest } from '../pipeline/write-request.js';
import { apiVersionOf, defineResource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { PartSubresource } from '../resource/subresource.js';
import type { Negotiated } from '../respond/negotiate.js';
import { writeStored } from '../respond/respond.js';
import { statusOf } from './write.js';

/** What an update is to do. `removed` is the object as the write leaves it that ends its deletion: what the client is answered. */
export type Change = UpdateResult & { readonly removed?: KubeObject };
type Transform = (current: StoredObject | undefined) => Promise<Change>;

/** Runs a transform on the stored object: for real, or, on a dry run, once and without storing what comes out. */
export async function applyUpdate(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  const outcome = await applyOnce(request, path, transform);
  if (request.services.initializers !== undefined)
    await removeFailed(request, outcome, (isSame) => applyOnce(request, path, async (current) => removal(request, current, isSame)));
  return outcome;
}

/** The removal of an object if it is still the one that is meant. */
export function removal(request: WriteRequest, current: StoredObject | undefined, isSame: (uid: string | undefined) => boolean): Change {
  const same = current !== undefined && isSame(request.version.hubObject(current).metadata.uid);
  return { action: same ? 'delete' : 'keep' };
}

/**
 * The same for a write that owners of fields are only recorded along with: where that makes it too large to be stored, nobody
 * owns anything any more.
 */
export async function updateStored(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  try {
    return await applyUpdate(request, path, transform);
  } catch (error) {
    if (!isStorageError(error, 'tooLarge')) throw error;
    return applyUpdate(request, path, async (current) => ownedByNobody(request, await transform(current)));
  }
}

function ownedByNobody({ version: { resource } }: WriteRequest, change: Change): Change {
  if (change.action !== 'put') return change;
  const hub = resource.form.decode(Buffer.from(change.value));
  delete hub.metadata.managedFields;
  return { ...change, value: resource.form.encode(hub) };
}

async function applyOnce(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  const { store, definition, form } = request.version.resource;
  let removed: KubeObject | undefined;
  const noting: Transform = async (current) => {
    const change = await transform(current);
    removed = change.removed;
    return change;
  };
  const write = () => (request.context.dryRun ? dryRun(request, path, noting) : store.update(path, noting));
  const outcome = await settleReservation(request, write, ({ action }) => action !== 'deleted');
  const { previous } = outcome;
  if (outcome.action !== 'deleted' || previous === undefined) return outcome;
  if (!request.context.dryRun) await definition.release?.(form.decode(previous.value));
  return removed === undefined ? outcome : { ...outcome, current: new Stored(path, form.encode(removed), previous.revision, form.indexer) };
}

async function dryRun(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  const { store, form } = request.version.resource;
  const { object: current } = await store.get(path, { at: 'consistent' });
  const result = await transform(current);
  const before = current && { current, previous: current };
  if (result.action !== 'put') return { action: result.action === 'delete' ? 'deleted' : 'unchanged', ...before };
  const next = new Stored(path, Buffer.from(result.value), current?.revision ?? 0, form.indexer);
  return { action: current === undefined ? 'created' : 'updated', current: next, ...(current && { previous: current }) };
}

/** Answers with what is stored now: the object, or the part of it that the request is about. */
export function writeUpdated(ctx: KeelsonContext, request: WriteRequest, outcome: UpdateOutcome, negotiated: Negotiated): void {
  const { current } = outcome;
  if (current === undefined) throw notFound(request.version.groupResource, request.name);
  writePart(ctx, request, statusOf(outcome), current, negotiated);
}

const views = new WeakMap<PartSubresource<KubeObject>, ResourceVersion>();

/** The kind that a part is shown as, such as Scale: written in every form that stored kinds have. */
function versionOfView(part: PartSubresource<KubeObject>): ResourceVersion | undefined {
  const { kind, columns, typeName } = part;
  if (kind === undefined) return undefined;
  let version = views.get(part);
  if (version === undefined) {
    const names = { plural: kind.kind.toLowerCase() };
    version = defineResource(kind, {
      names,
      scope: 'Namespaced',
      storage: { key: '' },
      ...(columns && { columns }),
      ...(typeName && { typeName }),
    }).byApiVersion(apiVersionOf(kind));
    if (version !== undefined) views.set(part, version);
  }
  return version;
}

/** A view as if it were stored as such, in the same revision as its parent. */
function viewOf(shown: ResourceVersion, parent: StoredObject, view: KubeObject): StoredObject {
  const { form } = shown.resource;
  return new Stored(parent.path, form.encode(view), parent.revision, form.indexer);
}

/** An object as its subresource shows it. */
export function writePart(
  ctx: KeelsonContext,
  request: Pick<WriteRequest, 'version' | 'part'>,
  code: number,
  object: StoredObject,
  negotiated: Negotiated,
): void {
  const { version, part } = request;
  const shown = part && versionOfView(part);
  if (part?.view === undefined || shown === undefined) writeStored(ctx, code, version, object, negotiated);
  else writeStored(ctx, code, shown, viewOf(shown, object, part.view(version.hubObject(object))), negotiated);
}
