import { describe, expect, it } from 'vitest';
import type { CasResult, Revision } from '../kv.js';
import { MemoryBackend } from '../memory/index.js';
import { StorageError } from '../storage-error.js';
import { bytes, noteOf, testIndexer } from '../testing/store/index.js';
import { ObjectWriter } from './object-writer.js';

/** Loses the answers of writes: before they are applied, or after. */
class LossyBackend extends MemoryBackend {
  lose: 'request' | 'answer' | undefined;
  /** Runs after a lost write. */
  afterLoss: () => Promise<unknown> = async () => undefined;

  override put(key: string, value: Uint8Array, expected: Revision): Promise<CasResult> {
    return this.#lossy(() => super.put(key, value, expected));
  }

  override delete(key: string, expected: Revision): Promise<CasResult> {
    return this.#lossy(() => super.delete(key, expected));
  }

  async #lossy(write: () => Promise<CasResult>): Promise<CasResult> {
    const { lose } = this;
    this.lose = undefined;
    if (lose !== 'request') {
      const result = await write();
      if (lose === undefined) return result;
    }
    await this.afterLoss();
    throw new StorageError('ambiguous', 'no answer in time');
  }
}

function open() {
  const backend = new LossyBackend();
  const writer = new ObjectWriter(backend, { prefix: '/registry/pods/', namespaced: true, indexer: testIndexer });
  const replace = (note: string) => writer.update('default/web', () => ({ action: 'put', value: bytes({ note }) }));
  const stored = async () => noteOf((await writer.update('default/web', () => ({ action: 'keep' }))).current);
  return { backend, writer, replace, stored };
}

describe('a write whose answer is lost', () => {
  it.each(['request', 'answer'] as const)('is a creation that succeeded, the %s being lost', async (lose) => {
    const { backend, writer, stored } = open();
    backend.lose = lose;
    const created = await writer.create('default/web', bytes({ note: 'one' }));
    expect([await stored(), created.revision]).toEqual(['one', await backend.currentRevision()]);
  });

  it.each(['request', 'answer'] as const)('is an update that is made once, the %s being lost', async (lose) => {
    const { backend, replace, stored } = open();
    const before = await replace('one');
    backend.lose = lose;
    const { action, current } = await replace('two');
    expect([action, current?.revision, await stored()]).toEqual(['updated', (before.current?.revision ?? 0) + 1, 'two']);
  });

  it.each(['request', 'answer'] as const)('is a deletion, the %s being lost', async (lose) => {
    const { backend, writer, replace, stored } = open();
    await replace('one');
    backend.lose = lose;
    const { action } = await writer.update('default/web', () => ({ action: 'delete' }));
    expect([action, await stored()]).toEqual(['deleted', undefined]);
  });

  it('stays ambiguous when somebody else wrote meanwhile', async () => {
    const { backend, replace, stored } = open();
    const { current } = await replace('one');
    backend.lose = 'answer';
    backend.afterLoss = () => backend.put('/registry/pods/default/web', bytes({ note: 'theirs' }), (current?.revision ?? 0) + 1);
    await expect(replace('two')).rejects.toMatchObject({ code: 'ambiguous' });
    expect(await stored()).toBe('theirs');
  });

  it('does not take an existing object for its own creation', async () => {
    const { backend, writer, replace, stored } = open();
    await replace('one');
    backend.lose = 'request';
    await expect(writer.create('default/web', bytes({ note: 'two' }))).rejects.toMatchObject({ code: 'ambiguous' });
    expect(await stored()).toBe('one');
  });
});
