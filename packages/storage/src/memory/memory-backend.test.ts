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
