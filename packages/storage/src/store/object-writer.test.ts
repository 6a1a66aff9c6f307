import { describe, expect, it } from 'vitest';
import type { CasResult } from '../kv.js';
import { MemoryBackend } from '../memory/index.js';
import { StorageError } from '../storage-error.js';
import { bytes, testIndexer } from '../testing/store/index.js';
import { ObjectWriter } from './object-writer.js';

/** Applies writes and loses the answers. */
class LossyBackend extends MemoryBackend {
  writes = 0;

  override put(...write: Parameters<MemoryBackend['put']>): Promise<CasResult> {
    return this.#lose(super.put(...write));
  }

  override delete(...write: Parameters<MemoryBackend['delete']>): Promise<CasResult> {
    return this.#lose(super.delete(...write));
  }

  async #lose(write: Promise<CasResult>): Promise<CasResult> {
    this.writes++;
    await write;
    throw new StorageError('ambiguous', 'no answer in time');
  }
}

describe('a write of which the backend does not know what became', () => {
  it('is not made again', async () => {
    const backend = new LossyBackend();
    const writer = new ObjectWriter(backend, { prefix: '/registry/pods/', namespaced: true, indexer: testIndexer });
    await expect(writer.create('default/web', bytes({ note: 'one' }))).rejects.toMatchObject({ code: 'ambiguous' });
    const replaced = writer.update('default/web', () => ({ action: 'put', value: bytes({ note: 'two' }) }));
    await expect(replaced).rejects.toMatchObject({ code: 'ambiguous' });
    await expect(writer.update('default/web', () => ({ action: 'delete' }))).rejects.toMatchObject({ code: 'ambiguous' });
    expect(backend.writes).toBe(3);
  });
});
