import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedBackend } from './embedded-backend.js';
import { openLayout } from './layout.js';
import { shrinkDataFile } from './shrink-data-file.js';

const MEBIBYTE = 1024 ** 2;
const LARGE = Buffer.alloc(200_000, 'v');

describe('shrinkDataFile', () => {
  let dir: string;
  const dataFile = () => stat(join(dir, 'data.mdb'));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keelson-shrink-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function opened<T>(work: (backend: EmbeddedBackend) => Promise<T>): Promise<T> {
    const backend = await EmbeddedBackend.open({ dir });
    try {
      return await work(backend);
    } finally {
      await backend.close();
    }
  }

  /** 40 MiB of which nearly nothing is left: the revisions of the two writes that are. */
  function churned(): Promise<{ first: number; last: number }> {
    return opened(async (backend) => {
      const large = await Promise.all(Array.from({ length: 200 }, (_, i) => backend.put(`k${i}`, LARGE, 0)));
      const first = (await backend.put('kept', Buffer.from('1'), 0)).revision;
      const gone = await Promise.all(large.map(({ revision }, i) => backend.delete(`k${i}`, revision)));
      const last = (await backend.put('kept', Buffer.from('2'), first)).revision;
      await backend.compact(gone.at(-1)?.revision ?? 0);
      await backend.swept();
      expect((await dataFile()).size).toBeGreaterThan(38 * MEBIBYTE);
      return { first, last };
    });
  }

  /** Everything is there, and more can be written. */
  async function expectWhole({ first, last }: { first: number; last: number }): Promise<void> {
    const next = await opened(async (backend) => {
      expect(await backend.currentRevision()).toBe(last);
      expect(await backend.list('')).toEqual({
        kvs: [{ key: 'kept', value: Buffer.from('2'), modRevision: last }],
        count: 1,
        revision: last,
      });
      expect((await backend.get('kept', { revision: last - 1 })).kv).toEqual({ key: 'kept', value: Buffer.from('1'), modRevision: first });
      return backend.put('more', Buffer.from('3'), 0);
    });
    expect(next).toEqual({ ok: true, revision: last + 1 });
    expect((await opened((backend) => backend.get('more'))).kv?.modRevision).toBe(last + 1);
  }

  it('writes a file that is mostly empty anew when it is opened, for its owner alone', async () => {
    const written = await churned();
    await opened(async () => {
      expect((await dataFile()).size).toBeLessThan(MEBIBYTE);
      const names = ['data.mdb', 'lock.mdb', 'owner.json'];
      expect((await readdir(dir)).sort()).toEqual(names);
      expect(await Promise.all(names.map(async (name) => (await stat(join(dir, name))).mode & 0o777))).toEqual([0o600, 0o600, 0o600]);
    });
    await expectWhole(written);
  });

  it('leaves a file that is mostly in use as it is', async () => {
    await opened((backend) => Promise.all(Array.from({ length: 200 }, (_, i) => backend.put(`k${i}`, LARGE, 0))));
    const { ino } = await dataFile();
    await opened(async () => expect((await dataFile()).ino).toBe(ino));
  });

  it('leaves a small file as it is', async () => {
    await opened(async (backend) => {
      const { revision } = await backend.put('k', LARGE, 0);
      await backend.delete('k', revision);
    });
    const { ino } = await dataFile();
    await opened(async () => expect((await dataFile()).ino).toBe(ino));
  });

  it('begins anew where a copy was cut off', async () => {
    const written = await churned();
    await mkdir(join(dir, 'shrinking'));
    await writeFile(join(dir, 'shrinking', 'data.mdb'), 'half a page');
    await opened(async () => expect((await dataFile()).size).toBeLessThan(MEBIBYTE));
    await expectWhole(written);
  });

  it('is done where a process died between putting the new file in place and taking away the locks of the old one', async () => {
    const written = await churned();
    await copyFile(join(dir, 'lock.mdb'), join(dir, 'lock.old'));
    await opened(async () => undefined);
    await rename(join(dir, 'lock.old'), join(dir, 'lock.mdb'));
    await expectWhole(written);
  });

  it('keeps the file where a copy cannot be written', async () => {
    const written = await churned();
    const { ino } = await dataFile();
    const layout = openLayout(dir, 100 * MEBIBYTE);
    const root = Object.assign(Object.create(layout.root) as typeof layout.root, {
      backup: () => Promise.reject(new Error('No space left on device')),
    });
    const warned = once(process, 'warning');
    const same = { ...layout, root };
    expect(await shrinkDataFile(same, dir, () => layout)).toBe(same);
    expect(await warned).toMatchObject([
      { name: 'StorageSpaceWarning', message: `${join(dir, 'data.mdb')} cannot be made smaller: No space left on device` },
    ]);
    await layout.root.close();
    expect([(await dataFile()).ino, (await readdir(dir)).includes('shrinking')]).toEqual([ino, false]);
    await expectWhole(written);
  });
});
