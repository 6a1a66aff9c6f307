import { MemoryBackend } from '../../memory/index.js';
import { describeResourceStore } from './describe-resource-store.js';

describeResourceStore('memory', async () => {
  const backend = new MemoryBackend();
  return { backend, close: () => backend.close() };
});
