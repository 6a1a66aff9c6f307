import type { KubeObject } from '@keelson/machinery';
import { isStorageError } from '@keelson/storage';
import type { WriteRequest } from './write-request.js';

/** Reserves what the object needs, after giving up what an earlier try of the same request had reserved. Writes through subresources need nothing. */
export function reserve(request: WriteRequest, hub: KubeObject, old: KubeObject | undefined): Promise<void> | undefined {
  const { definition } = request.version.resource;
  if (request.reservation === undefined && (request.part !== undefined || definition.reserve === undefined)) return undefined;
  return reserveAnew(request, hub, old);
}

async function reserveAnew(request: WriteRequest, hub: KubeObject, old: KubeObject | undefined): Promise<void> {
  await cancel(request);
  if (request.part !== undefined) return;
  request.reservation = await request.version.resource.definition.reserve?.(hub, old, request.context);
}

/**
 * Runs a write to its end and settles what was reserved on the way: confirmed when `isStored` says so of the outcome,
 * else cancelled. A write of which nobody knows whether it happened keeps its reservation: taken twice is worse than lost.
 */
export async function settleReservation<T>(request: WriteRequest, write: () => Promise<T>, isStored: (outcome: T) => boolean): Promise<T> {
  let outcome: T;
  try {
    outcome = await write();
  } catch (error) {
    if (!isStorageError(error, 'ambiguous')) await cancel(request);
    throw error;
  }
  if (isStored(outcome)) await request.reservation?.confirm();
  else await cancel(request);
  return outcome;
}

async function cancel(request: WriteRequest): Promise<void> {
  const { reservation } = request;
  delete request.reservation;
  await reservation?.cancel();
}
