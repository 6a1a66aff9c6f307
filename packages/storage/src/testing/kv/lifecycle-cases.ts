import { expect, it } from 'vitest';
import type { KvContext } from './kv-context.js';

/** Closing a backend. */
export function lifecycleCases(context: () => KvContext): void {
  it('ends open watches when it is closed, with `closed`', async () => {
    const { backend } = context();
    const watch = context().watch((await backend.currentRevision()) + 1);
    const end = watch.nextBatch();
    const ended = context().expectError(end, 'closed');
    await backend.close();
    await ended;
  });

  it('refuses everything once it is closed', async () => {
    const { backend } = context();
    const revision = await context().put('a', '1');
    await backend.close();
    const key = context().key('a');
    await context().expectError(backend.get(key), 'closed');
    await context().expectError(backend.list(context().prefix), 'closed');
    await context().expectError(backend.put(key, Buffer.from('2'), revision), 'closed');
    await context().expectError(backend.delete(key, revision), 'closed');
    await context().expectError(backend.currentRevision(), 'closed');
    await context().expectError(backend.compact(revision), 'closed');
    await context().expectError(context().watch(revision).nextBatch(), 'closed');
  });

  it('can be closed twice', async () => {
    await context().backend.close();
    await expect(context().backend.close()).resolves.toBeUndefined();
  });
}
