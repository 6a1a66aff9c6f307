import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Revision } from '../kv.js';
import { WatchReader } from '../testing/kv/index.js';
import { EmbeddedBackend, type EmbeddedOptions } from './embedded-backend.js';
import { MAX_KEY_BYTES } from './keys.js';
import { ownIdentity } from './process-identity.js';

const MEBIBYTE = 1024 ** 2;

describe('the data directory of an EmbeddedBackend', () => {
  let dir: string;
  let backend: EmbeddedBackend;

  const open = async (options: Partial<EmbeddedOptions> = {}) => {
    backend = await EmbeddedBackend.open({ dir, ...options });
    return backend;
  };
  const reopen = async (options: Partial<EmbeddedOptions> = {}) => {
    await backend.close();
    return open(options);
  };
  const put = async (key: string, value: string | Buffer, expected: Revision = 0, ttlSeconds = 0) => {
    const result = await backend.put(key, Buffer.from(value), expected, { ttlSeconds });
    expect(result.ok).toBe(true);
    return result.revision;
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keelson-data-'));
  });
  afterEach(async () => {
    await backend.close();
    await rm(dir, { recursive: true });
  });

  it('is for its owner alone', async () => {
    const parent = dir;
    dir = join(parent, 'store');
    await open();
    const modes = await Promise.all(
      ['', 'data.mdb', 'lock.mdb', 'owner.json'].map(async (name) => (await stat(join(dir, name))).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
    dir = parent;
  });

  it('keeps state, history and the compacted revision', async () => {
    await open();
    const first = await put('a', '1');
    const second = await put('a', '2', first);
    const third = await put('a', '3', second);
    const last = await put('b', '1');
    await backend.compact(second);
    await reopen();
    expect(await backend.currentRevision()).toBe(last);
    expect((await backend.list('')).kvs.map((kv) => [kv.key, kv.value.toString(), kv.modRevision])).toEqual([
      ['a', '3', third],
      ['b', '1', last],
    ]);
    expect((await backend.get('a', { revision: second })).kv?.value.toString()).toBe('2');
    await expect(backend.get('a', { revision: first })).rejects.toMatchObject({ code: 'compacted', revision: second });
    const watch = new WatchReader(backend, '', third, { previous: true });
    expect((await watch.next(2)).map((event) => [event.key, event.modRevision, event.previous?.modRevision])).toEqual([
      ['a', third, second],
      ['b', last, undefined],
    ]);
    watch.cancel();
    expect(await put('c', '1')).toBe(last + 1);
  });

  it('sweeps after opening what was compacted but not swept before', async () => {
    await open();
    let revision = 0;
    for (let i = 0; i < 600; i++) revision = await put('a', `${i}`, revision);
    await put('b', '1');
    const sizeBefore = backend.stats();
    expect(await backend.sizeBytes()).toBe(sizeBefore.usedBytes);
    await backend.compact(revision);
    await reopen();
    await backend.swept();
    expect(sizeBefore).toEqual({ changes: 601, values: 601, usedBytes: expect.any(Number) });
    expect(backend.stats()).toEqual({ changes: 2, values: 3, usedBytes: expect.any(Number) });
  });

  it('expires keys whose time came while it was closed, and those whose time is still to come', async () => {
    await open();
    await put('soon', '1', 0, 1);
    await put('later', '1', 0, 2);
    const kept = await put('kept', '1', 0, 1);
    const last = await put('kept', '2', kept, 3600);
    await backend.close();
    await delay(1100);
    await open();
    const watch = new WatchReader(backend, '', last + 1);
    expect((await watch.next(2)).map((event) => [event.type, event.key, event.modRevision])).toEqual([
      ['delete', 'soon', last + 1],
      ['delete', 'later', last + 2],
    ]);
    watch.cancel();
    expect((await backend.list('')).kvs.map((kv) => kv.key)).toEqual(['kept']);
  });

  it('does not grow with the number of updates', async () => {
    await open({ historyRevisions: 500 });
    const value = Buffer.alloc(3000, 'v');
    const revisions = new Array<number>(25).fill(0);
    const churn = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        await Promise.all(
          revisions.map(async (revision, i) => {
            revisions[i] = await put(`/registry/leases/${i}`, value, revision);
          }),
        );
      }
      await backend.swept();
      return (await stat(join(dir, 'data.mdb'))).size;
    };
    const settled = await churn(150);
    const grown = await churn(450);
    // 15 000 updates of 3 KB are 58 MiB of pages; what is kept at once is about 3.
    expect(grown).toBeLessThan(12 * MEBIBYTE);
    expect(grown).toBeLessThan(settled * 1.5);
    expect((await backend.list('')).kvs.map((kv) => kv.modRevision).sort((a, b) => a - b)).toEqual([...revisions].sort((a, b) => a - b));
  });

  it('rejects puts when it is full, until deletes and compaction have made room', async () => {
    await open({ maxBytes: 4 * MEBIBYTE });
    const value = Buffer.alloc(200_000, 'v');
    const revisions: number[] = [];
    const fill = async () => {
      for (;;) revisions.push(await put(`k${revisions.length}`, value));
    };
    await expect(fill()).rejects.toMatchObject({ code: 'rejected', message: 'the store is full' });
    expect(revisions).toHaveLength(Math.ceil((4 * MEBIBYTE) / (49 * 4096)));
    expect((await backend.list('', { keysOnly: true })).count).toBe(revisions.length);
    expect(await backend.currentRevision()).toBe(revisions.at(-1));
    expect(await backend.delete('k0', revisions[0] ?? 0)).toMatchObject({ ok: true });
    const deleted = await backend.delete('k1', revisions[1] ?? 0);
    await expect(put('more', value)).rejects.toMatchObject({ code: 'rejected' });
    await backend.compact(deleted.revision);
    await backend.swept();
    expect(await put('more', value)).toBe(deleted.revision + 1);
    expect((await stat(join(dir, 'data.mdb'))).size).toBeLessThan(6 * MEBIBYTE);
  });

  it('rejects keys that are too long, or empty', async () => {
    await open();
    await put('k'.repeat(MAX_KEY_BYTES), 'long');
    expect((await backend.list('k', { after: 'k'.repeat(MAX_KEY_BYTES) })).kvs).toEqual([]);
    for (const key of ['k'.repeat(MAX_KEY_BYTES + 1), '']) {
      await expect(backend.put(key, Buffer.from('x'), 0)).rejects.toMatchObject({ code: 'rejected' });
      await expect(backend.delete(key, 1)).rejects.toMatchObject({ code: 'rejected' });
      expect((await backend.get(key)).kv).toBeUndefined();
    }
    expect((await backend.list('k'.repeat(MAX_KEY_BYTES + 1))).kvs).toEqual([]);
    expect((await backend.list('k', { after: 'k'.repeat(3000) })).kvs).toEqual([]);
    expect((await backend.list('k')).count).toBe(1);
  });

  it('takes over from a dead process, also when its id is in use again', async () => {
    await open();
    await put('a', '1');
    await backend.close();
    await writeFile(join(dir, 'owner.json'), JSON.stringify({ ...ownIdentity(), startTicks: '1', token: 'dead' }));
    await open();
    expect((await backend.get('a')).kv?.value.toString()).toBe('1');
    await backend.close();
    await writeFile(join(dir, 'owner.json'), JSON.stringify({ ...ownIdentity(), bootId: 'before', token: 'dead' }));
    await open();
    await backend.close();
    await writeFile(join(dir, 'owner.json'), JSON.stringify({ ...ownIdentity(), pidNamespace: 'of another container', token: 'silent' }));
    await utimes(join(dir, 'owner.json'), 1, 1);
    await open();
    expect(JSON.parse(await readFile(join(dir, 'owner.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is refused by a version that does not know its format', async () => {
    await open();
    await backend.close();
    const { openLayout, encodeNumber } = await import('./layout.js');
    const layout = openLayout(dir, MEBIBYTE);
    await layout.counters.put('format', encodeNumber(99));
    await layout.root.close();
    await expect(EmbeddedBackend.open({ dir })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
