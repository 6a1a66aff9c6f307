import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CasResult } from '../kv.js';
import { isStorageError } from '../storage-error.js';
import { type EtcdCluster, startEtcd, TcpProxy } from '../testing/etcd/index.js';
import { EtcdBackend } from './etcd-backend.js';

let cluster: EtcdCluster;
let proxies: TcpProxy[];
/** Behind the proxies. */
let backend: EtcdBackend;
/** Sees the store as it is. */
let observer: EtcdBackend;
let run = 0;
let key: string;

beforeAll(async () => {
  cluster = await startEtcd();
});

afterAll(() => cluster?.stop());

beforeEach(async () => {
  const [endpoint = ''] = cluster.endpoints;
  proxies = [await TcpProxy.before(endpoint), await TcpProxy.before(endpoint)];
  backend = new EtcdBackend({ endpoints: proxies.map((proxy) => proxy.endpoint), attemptTimeoutMs: 700, requestTimeoutMs: 3000 });
  observer = new EtcdBackend({ endpoints: cluster.endpoints });
  key = `/ambiguous/${run++}`;
  await backend.currentRevision();
});

afterEach(async () => {
  await Promise.all([backend.close(), observer.close()]);
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

const bytes = (text: string) => Buffer.from(text);

/** Makes a write whose request or answer is lost; `meanwhile` runs while nobody answers. */
async function losing(
  direction: 'toServer' | 'toClient',
  write: () => Promise<CasResult>,
  meanwhile?: () => Promise<void>,
): Promise<CasResult> {
  const used = proxies.find((proxy) => proxy.connections > 0);
  used?.set(direction, 'discard');
  const writing = write();
  await sleep(100);
  await meanwhile?.();
  return writing;
}

async function create(value: string): Promise<number> {
  const { ok, revision } = await observer.put(key, bytes(value), 0);
  expect(ok).toBe(true);
  return revision;
}

/** Whether nobody can tell what became of a write; any other failure is one of the test. */
async function isAmbiguous(write: Promise<CasResult>): Promise<boolean> {
  const error = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !isStorageError(error, 'ambiguous')) throw error;
  return error !== undefined;
}

describe('a write whose answer is lost', () => {
  it('is acknowledged at its revision when it was applied: create', async () => {
    const before = await observer.currentRevision();
    expect(await losing('toClient', () => backend.put(key, bytes('1'), 0))).toEqual({ ok: true, revision: before + 1 });
    expect(await observer.get(key)).toEqual({ kv: { key, value: bytes('1'), modRevision: before + 1 }, revision: before + 1 });
  });

  it('is ambiguous: an update that the store holds may be the same one of another writer', async () => {
    const first = await create('1');
    expect(await isAmbiguous(losing('toClient', () => backend.put(key, bytes('2'), first)))).toBe(true);
    expect(await observer.get(key)).toEqual({ kv: { key, value: bytes('2'), modRevision: first + 1 }, revision: first + 1 });
  });

  it('is ambiguous: a deletion that was made may be that of another writer', async () => {
    const first = await create('1');
    expect(await isAmbiguous(losing('toClient', () => backend.delete(key, first)))).toBe(true);
    expect(await observer.get(key)).toEqual({ revision: first + 1 });
  });

  it('is ambiguous also when others have changed the key since', async () => {
    const first = await create('1');
    const overwrite = async () => {
      const { kv } = await observer.get(key);
      expect(kv?.value.toString()).toBe('2');
      await observer.put(key, bytes('3'), first + 1);
    };
    expect(await isAmbiguous(losing('toClient', () => backend.put(key, bytes('2'), first), overwrite))).toBe(true);
    expect((await observer.get(key)).kv).toEqual({ key, value: bytes('3'), modRevision: first + 2 });
  });
});

describe('a write whose request is lost', () => {
  it('is made once more when the key is unchanged: update', async () => {
    const first = await create('1');
    expect(await losing('toServer', () => backend.put(key, bytes('2'), first))).toEqual({ ok: true, revision: first + 1 });
    expect(await observer.currentRevision()).toBe(first + 1);
  });

  it('is made once more when the key is unchanged: delete', async () => {
    const first = await create('1');
    expect(await losing('toServer', () => backend.delete(key, first))).toEqual({ ok: true, revision: first + 1 });
    expect(await observer.currentRevision()).toBe(first + 1);
  });

  it('is not taken for the same write of another one, which was first', async () => {
    const first = await create('1');
    const win = async () => void (await observer.put(key, bytes('2'), first));
    expect(await isAmbiguous(losing('toServer', () => backend.put(key, bytes('2'), first), win))).toBe(true);
    expect(await observer.currentRevision()).toBe(first + 1);
  });

  it('fails as a conflict when another one was first', async () => {
    const first = await create('1');
    const win = async () => void (await observer.put(key, bytes('other'), first));
    expect(await losing('toServer', () => backend.put(key, bytes('2'), first), win)).toEqual({
      ok: false,
      revision: first + 1,
      current: { key, value: bytes('other'), modRevision: first + 1 },
    });
  });

  it('is a conflict too when a delete lost against a put', async () => {
    const first = await create('1');
    const win = async () => void (await observer.put(key, bytes('other'), first));
    expect(await losing('toServer', () => backend.delete(key, first), win)).toMatchObject({ ok: false, revision: first + 1 });
  });

  it('is ambiguous when it was a creation, which cannot be repeated safely', async () => {
    expect(await isAmbiguous(losing('toServer', () => backend.put(key, bytes('1'), 0)))).toBe(true);
    expect((await observer.get(key)).kv).toBeUndefined();
  });

  it('is ambiguous when nobody answers any more', async () => {
    const first = await create('1');
    const silence = async () => {
      for (const proxy of proxies) {
        proxy.refuse(true);
        proxy.cut();
      }
    };
    expect(await isAmbiguous(losing('toServer', () => backend.put(key, bytes('2'), first), silence))).toBe(true);
  });
});

describe('a write that cannot be sent', () => {
  it('is told apart: nothing was written', async () => {
    for (const proxy of proxies) {
      proxy.refuse(true);
      proxy.cut();
    }
    const lonely = new EtcdBackend({ endpoints: proxies.map((proxy) => proxy.endpoint), requestTimeoutMs: 1000 });
    const error = await lonely.put(key, bytes('1'), 0).catch((reason: unknown) => reason);
    expect(isStorageError(error, 'unreachable')).toBe(true);
    await lonely.close();
    expect((await observer.get(key)).kv).toBeUndefined();
  });
});
