import { type KubeObject, notFound } from '@keelson/machinery';
import type { StoredObject, UpdateOutcome, UpdateResult } from '@keelson/storage';
import { StoredObject as Stored } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { settleReservation } from '../pipeline/reservation.js';
import type { WriteRequest } from '../pipeline/write-request.js';
import type { Negotiated } from '../respond/negotiate.js';
import { writeObject, writeStored } from '../respond/respond.js';
import { statusOf } from './write.js';

type Transform = (current: StoredObject | undefined) => Promise<UpdateResult>;

/** Runs a transform on the stored object: for real, or, on a dry run, once and without storing what comes out. */
export async function applyUpdate(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  const { store, definition, form } = request.version.resource;
  const write = () => (request.context.dryRun ? dryRun(request, path, transform) : store.update(path, transform));
  const outcome = await settleReservation(request, write, ({ action }) => action !== 'deleted');
  if (request.context.dryRun) return outcome;
  if (outcome.action === 'deleted' && outcome.previous !== undefined) await definition.release?.(form.decode(outcome.previous.value));
  return outcome;
}

async function dryRun(request: WriteRequest, path: string, transform: Transform): Promise<UpdateOutcome> {
  const { store, form } = request.version.resource;
  const { object: current } = await store.get(path, { at: 'consistent' });
  const result = await transform(current);
  if (result.action !== 'put') return { action: result.action === 'delete' ? 'deleted' : 'unchanged', ...(current && { current }) };
  const next = new Stored(path, Buffer.from(result.value), 0, form.indexer);
  return { action: current === undefined ? 'created' : 'updated', current: next, ...(current && { previous: current }) };
}

/** Answers with what is stored now: the object, or the part of it that the request is about. */
export function writeUpdated(ctx: KeelsonContext, request: WriteRequest, outcome: UpdateOutcome, negotiated: Negotiated): void {
  const { current } = outcome;
  if (current === undefined) throw notFound(request.version.groupResource, request.name);
  writePart(ctx, request, statusOf(outcome), current, negotiated);
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
  if (part?.view === undefined || part.kind === undefined) writeStored(ctx, code, version, object, negotiated);
  else writeObject(ctx, code, part.kind, part.view(version.hubObject(object)) as KubeObject, negotiated);
}
