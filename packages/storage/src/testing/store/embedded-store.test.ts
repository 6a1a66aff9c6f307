import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedBackend } from '../../embedded/index.js';
import { describeResourceStore } from './describe-resource-store.js';

describeResourceStore('embedded', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'keelson-store-'));
  const backend = await EmbeddedBackend.open({ dir });
  return {
    backend,
    close: async () => {
      await backend.close();
      await rm(dir, { recursive: true });
    },
  };
});
