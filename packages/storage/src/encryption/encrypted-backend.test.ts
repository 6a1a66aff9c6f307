import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { StoreFeed } from '../cache/store-feed.js';
import { MAX_VALUE_BYTES } from '../history/write-limits.js';
import { MemoryBackend } from '../memory/memory-backend.js';
import type { ResourceStore } from '../resource-store.js';
import { DirectStore } from '../store/direct-store.js';
import { describeKvBackend } from '../testing/kv/index.js';
import { bytes, describeResourceStore, testIndexer } from '../testing/store/index.js';
import { AesGcm } from './ciphers/aes-gcm.js';
import { PrefixedCiphers } from './ciphers/prefixed-ciphers.js';
import { EncryptedBackend } from './encrypted-backend.js';
import type { ValueCipher } from './value-cipher.js';

const keys: Readonly<Record<string, AesGcm>> = { one: new AesGcm(randomBytes(32)), two: new AesGcm(randomBytes(32)) };

function cipherOf(...names: string[]): ValueCipher {
  const ciphers = names.map((name) => ({ prefix: `k8s:enc:aesgcm:v1:${name}:`, cipher: keys[name] as AesGcm }));
  return new PrefixedCiphers(ciphers, 'no matching prefix found');
}

const secrets = { group: '', resource: 'secrets' };

function encrypted(backend = new MemoryBackend()) {
  let cipher: ValueCipher | undefined = cipherOf('one');
  const opened = new EncryptedBackend(backend, { cipherOf: () => cipher });
  opened.name('/registry/secrets/', secrets);
  const use = (...names: string[]) => {
    cipher = names.length === 0 ? undefined : cipherOf(...names);
  };
  return { backend, opened, use };
}

/** Everything below `/` is sealed. */
function everything(): EncryptedBackend {
  const opened = new EncryptedBackend(new MemoryBackend(), { cipherOf: () => cipherOf('one') });
  for (const key of ['/', '/registry/', '/test/']) opened.name(key, secrets);
  return opened;
}

// Sealing makes values longer, so that the largest is a little smaller.
describeKvBackend('encrypted', async () => everything(), {
  acceptedValueBytes: MAX_VALUE_BYTES - 100,
  rejectedValueBytes: MAX_VALUE_BYTES + 1,
  keepsDeleteAtCompaction: true,
});

describeResourceStore('encrypted', async () => {
  const backend = everything();
  return { backend, close: () => backend.close() };
});

const layout = { prefix: '/registry/secrets/', namespaced: true, indexer: testIndexer };
const path = 'default/web';
const key = layout.prefix + path;

describe.each(['direct', 'cached'] as const)('objects of a %s store', (kind) => {
  let parts: ReturnType<typeof encrypted>;
  let store: ResourceStore;
  let feed: StoreFeed | undefined;
  beforeEach(async () => {
    parts = encrypted();
    feed = kind === 'cached' ? new StoreFeed({ backend: parts.opened }) : undefined;
    store = feed?.resource(layout) ?? new DirectStore(parts.opened, layout);
    await feed?.start();
    return () => feed?.stop();
  });
  const stored = async () => (await parts.backend.get(key)).kv?.value.toString('latin1') ?? '';
  const sealedBy = async () => /^k8s:enc:aesgcm:v1:(\w+):/.exec(await stored())?.[1];
  const read = async () => (await store.get(path, { at: 'consistent' })).object?.value.toString();
  const again = () => store.update(path, (current) => ({ action: 'put', value: current?.value ?? bytes({}) }));

  it('are sealed in the store', async () => {
    await store.create(path, bytes({ labels: { app: 'web' } }));
    expect(await stored()).not.toContain('web');
    expect([await sealedBy(), await read()]).toEqual(['one', bytes({ labels: { app: 'web' } }).toString()]);
  });

  it('are written again with a new key though nothing else changes, once', async () => {
    await store.create(path, bytes({}));
    expect((await again()).action).toBe('unchanged');
    parts.use('two', 'one');
    expect([await read(), (await again()).action, await sealedBy()]).toEqual([bytes({}).toString(), 'updated', 'two']);
    expect((await again()).action).toBe('unchanged');
    parts.use();
    expect((await again().catch((error: unknown) => error)) as Error).toMatchObject({ code: 'unreadable' });
  });

  it('say why they cannot be read, and can be as soon as their key is there', async () => {
    await store.create(path, bytes({}));
    await store.create('default/other', bytes({}));
    parts.use('two');
    await feed?.stop();
    feed = kind === 'cached' ? new StoreFeed({ backend: parts.opened }) : undefined;
    store = feed?.resource(layout) ?? new DirectStore(parts.opened, layout);
    await feed?.start();
    await expect(read()).rejects.toMatchObject({ code: 'unreadable', message: 'no matching prefix found' });
    await expect(store.list({ path: 'default/' }, { freshness: { at: 'any' } })).rejects.toMatchObject({
      code: 'unreadable',
      message: 'unable to transform key "/registry/secrets/default/other": no matching prefix found',
    });
    expect((await store.list({ path: 'kube-system/' }, { freshness: { at: 'any' } })).length).toBe(0);
    parts.use('one');
    expect(await read()).toBe(bytes({}).toString());
    expect((await store.list({ path: '' }, { freshness: { at: 'any' } })).length).toBe(2);
  });

  it('are not taken from another key of the store', async () => {
    await store.create(path, bytes({}));
    const { kv } = await parts.backend.get(key);
    await parts.backend.put(`${layout.prefix}default/copy`, kv?.value ?? Buffer.alloc(0), 0);
    await expect(
      Promise.resolve(store.get('default/copy', { at: 'consistent' })).then(({ object }) => object?.value),
    ).rejects.toMatchObject({
      message: 'cipher: message authentication failed',
    });
  });
});

describe('an encrypted backend', () => {
  it('leaves other resources as they are', async () => {
    const { backend, opened } = encrypted();
    await opened.put('/registry/pods/default/web', Buffer.from('pod'), 0);
    expect((await backend.get('/registry/pods/default/web')).kv?.value.toString()).toBe('pod');
  });

  it('opens replaced and deleted values of a watch', async () => {
    const { opened } = encrypted();
    const first = await opened.put(key, Buffer.from('a'), 0);
    const second = await opened.put(key, Buffer.from('b'), first.revision);
    await opened.delete(key, second.revision);
    const seen: (string | undefined)[][] = [];
    for await (const { events } of opened.watch('/registry/', 1, { previous: true, signal: AbortSignal.timeout(10_000) })) {
      for (const event of events) seen.push([event.type, event.value?.toString(), event.previous?.value.toString()]);
      if (seen.length >= 3) break;
    }
    expect(seen).toEqual([
      ['put', 'a', undefined],
      ['put', 'b', 'a'],
      ['delete', undefined, 'b'],
    ]);
  });
});
