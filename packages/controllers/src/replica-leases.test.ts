import { core, unwrap } from '@keelson/schema';
import { MemoryBackend } from '@keelson/storage/memory';
import { describe, expect, it } from 'vitest';
import { ReplicaLeases } from './replica-leases.js';

const key = '/registry/masterleases/10.0.0.1';

function setUp(ttlSeconds = 15) {
  const backend = new MemoryBackend();
  return { backend, leases: new ReplicaLeases(backend, '/registry', ttlSeconds) };
}

describe('ReplicaLeases', () => {
  it('lays a lease out as kube-apiserver does', async () => {
    const { backend, leases } = setUp();
    await leases.renew('10.0.0.1');
    const { kv } = await backend.get(key);
    const { apiVersion, kind, message } = unwrap(kv?.value ?? Buffer.alloc(0));
    expect([apiVersion, kind]).toEqual(['v1', 'Endpoints']);
    expect(core.v1.Endpoints.codec.decode(message)).toEqual({
      metadata: { generation: 1 },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }] }],
    });
    await backend.close();
  });

  it('makes every renewal a write', async () => {
    const { backend, leases } = setUp();
    await leases.renew('10.0.0.1');
    const first = await backend.get(key);
    await leases.renew('10.0.0.1');
    const second = await backend.get(key);
    expect(second.kv?.modRevision).toBe((first.kv?.modRevision ?? 0) + 1);
    expect(core.v1.Endpoints.codec.decode(unwrap(second.kv?.value ?? Buffer.alloc(0)).message).metadata.generation).toBe(2);
    await backend.close();
  });

  it('tells whose leases there are, in order', async () => {
    const { backend, leases } = setUp();
    for (const ip of ['10.0.0.2', '10.0.0.1', 'fd00::1']) await leases.renew(ip);
    expect(await leases.addresses()).toEqual(['10.0.0.1', '10.0.0.2', 'fd00::1']);
    await backend.close();
  });

  it('loses a lease that is not renewed', async () => {
    const { backend, leases } = setUp(1);
    await leases.renew('10.0.0.1');
    await until(async () => (await leases.addresses()).length === 0);
    await leases.renew('10.0.0.1');
    expect(await leases.addresses()).toEqual(['10.0.0.1']);
    await backend.close();
  });

  it('wins over another writer of the same lease', async () => {
    const { backend, leases } = setUp();
    await leases.renew('10.0.0.1');
    await Promise.all(Array.from({ length: 8 }, () => leases.renew('10.0.0.1')));
    const { kv } = await backend.get(key);
    expect(core.v1.Endpoints.codec.decode(unwrap(kv?.value ?? Buffer.alloc(0)).message).metadata.generation).toBe(9);
    await backend.close();
  });

  it('gives back what it has, and what it has not', async () => {
    const { backend, leases } = setUp();
    await leases.renew('10.0.0.1');
    await leases.release('10.0.0.1');
    await leases.release('10.0.0.1');
    expect(await leases.addresses()).toEqual([]);
    await backend.close();
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
