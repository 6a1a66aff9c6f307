import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { MAX_VALUE_BYTES } from '../history/write-limits.js';
import { describeKvBackend } from '../testing/kv/index.js';
import { EmbeddedBackend } from './embedded-backend.js';

const dirs: string[] = [];
afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true }))));

describeKvBackend(
  'embedded',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'keelson-embedded-'));
    dirs.push(dir);
    return EmbeddedBackend.open({ dir });
  },
  { acceptedValueBytes: MAX_VALUE_BYTES, rejectedValueBytes: MAX_VALUE_BYTES + 1, keepsDeleteAtCompaction: true },
);
