import type { UpdateOutcome } from '@keelson/storage';
import type { WriteRequest } from '../pipeline/write-request.js';
import { isUninitialized } from './is-uninitialized.js';
import { initializersOf } from './when-initialized.js';

type Remove = (isSame: (uid: string | undefined) => boolean) => Promise<unknown>;

/** An object that one of its initializers has given up was never really there: it goes at once, whatever its finalizers. */
export async function removeFailed(request: WriteRequest, { action, current }: UpdateOutcome, remove: Remove): Promise<void> {
  if (action !== 'updated' || current === undefined || request.context.dryRun || !isUninitialized(current)) return;
  if (initializersOf(request, current)?.result === undefined) return;
  const { uid } = request.version.hubObject(current).metadata;
  await remove((other) => other === uid);
}
