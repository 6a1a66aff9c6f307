import { MAX_VALUE_BYTES } from '../history/write-limits.js';
import { describeKvBackend } from '../testing/kv/index.js';
import { MemoryBackend } from './memory-backend.js';

describeKvBackend('memory', async () => new MemoryBackend(), {
  acceptedValueBytes: MAX_VALUE_BYTES,
  rejectedValueBytes: MAX_VALUE_BYTES + 1,
  keepsDeleteAtCompaction: true,
});
