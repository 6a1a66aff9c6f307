import { expect, it } from 'vitest';
import { MAX_VALUE_BYTES } from '../history/write-limits.js';
import { describeKvBackend } from '../testing/kv/index.js';
import { MemoryBackend } from './memory-backend.js';

describeKvBackend('memory', async () => new MemoryBackend(), {
  acceptedValueBytes: MAX_VALUE_BYTES,
  rejectedValueBytes: MAX_VALUE_BYTES + 1,
  keepsDeleteAtCompaction: true,
});

it('shows a watch from the very beginning the first change', async () => {
  const backend = new MemoryBackend();
  for (const key of ['/a', '/b']) await backend.put(key, Buffer.from('x'), 0);
  for await (const { events } of backend.watch('/', 1, { signal: AbortSignal.timeout(10_000) })) {
    expect(events.map(({ key }) => key)).toEqual(['/a', '/b']);
    break;
  }
});

it('may begin at another revision: what came before counts as compacted', async () => {
  const backend = new MemoryBackend({ firstRevision: 1000 });
  expect((await backend.get('/a')).revision).toBe(1000);
  expect(await backend.put('/a', Buffer.from('x'), 0)).toEqual({ ok: true, revision: 1001 });
  await expect(backend.get('/a', { revision: 5 })).rejects.toMatchObject({ code: 'compacted' });
  const { signal } = new AbortController();
  await expect(backend.watch('/', 5, { signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'compacted' });
  const seen = await backend.watch('/', 1001, { signal })[Symbol.asyncIterator]().next();
  expect(seen.value?.events.map(({ key }: { key: string }) => key)).toEqual(['/a']);
});
