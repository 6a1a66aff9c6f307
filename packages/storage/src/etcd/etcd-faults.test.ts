import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KvEvent } from '../kv.js';
import type { StorageError } from '../storage-error.js';
import { CountingWriters, type EtcdCluster, type EtcdMember, startEtcd, TcpProxy } from '../testing/etcd/index.js';
import { EtcdBackend } from './etcd-backend.js';

const PREFIX = '/faults/';

let cluster: EtcdCluster;
let proxies: TcpProxy[];
let backend: EtcdBackend;
let run = 0;

beforeAll(async () => {
  cluster = await startEtcd({ members: 3 });
});

afterAll(() => cluster?.stop());

beforeEach(async () => {
  proxies = await Promise.all(cluster.endpoints.map((endpoint) => TcpProxy.before(endpoint)));
  backend = new EtcdBackend({ endpoints: proxies.map((proxy) => proxy.endpoint), attemptTimeoutMs: 1500, watchProbeMs: 1000 });
});

afterEach(async () => {
  await backend.close();
  for (const member of cluster.members) member.resume();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

/** Writes and watches while `fault` happens, and expects the watch to show exactly what the writers were told. */
async function underFault(fault: (writers: CountingWriters) => Promise<void>): Promise<CountingWriters> {
  const prefix = `${PREFIX}${run++}/`;
  const start = await backend.currentRevision();
  const events: KvEvent[] = [];
  const abort = new AbortController();
  let end = Number.POSITIVE_INFINITY;
  const watching = (async () => {
    for await (const batch of backend.watch(PREFIX, start + 1, { signal: abort.signal })) {
      events.push(...batch.events);
      if (batch.revision >= end) return;
    }
  })();
  const writers = new CountingWriters(backend, prefix, 4);
  await writers.progress(20);
  await fault(writers);
  await writers.progress(50);
  await writers.stop();
  // Marks the end. What is still on its way then (an unanswered write) comes before it, or fails by its condition.
  const mark = await backend.put(`${prefix}end`, Buffer.from('end'), 0);
  end = mark.revision;
  await watching;
  abort.abort();
  expect(events.pop()).toMatchObject({ key: `${prefix}end`, modRevision: end });
  expect(writers.faults(events, start, end - 1)).toEqual([]);
  return writers;
}

function inUse(): number[] {
  return proxies.flatMap((proxy, index) => (proxy.connections > 0 ? [index] : []));
}

async function follower(): Promise<EtcdMember> {
  const leader = await cluster.leader();
  return cluster.members.find((member) => member !== leader) as EtcdMember;
}

/** How a write failed. */
function outcome(write: Promise<unknown>): Promise<string> {
  return write.then(
    () => 'written',
    (error: StorageError) => error.code,
  );
}

describe('EtcdBackend under faults', () => {
  it('survives the leader being killed', async () => {
    await underFault(async (writers) => {
      const leader = await cluster.leader();
      await leader.kill();
      await writers.progress(50);
      await leader.restart();
    });
  });

  it('survives a follower being killed', async () => {
    await underFault(async (writers) => {
      const member = await follower();
      await member.kill();
      await writers.progress(50);
      await member.restart();
    });
  });

  it('survives every member being restarted, one after the other', async () => {
    await underFault(async (writers) => {
      for (const member of cluster.members) {
        await member.restart();
        await writers.progress(20);
      }
    });
  });

  it('leaves members that are stopped but still connected', async () => {
    await underFault(async (writers) => {
      const leader = await cluster.leader();
      leader.pause();
      await writers.progress(50);
      leader.resume();
      await writers.progress(20);
    });
    await underFault(async (writers) => {
      const member = await follower();
      member.pause();
      await writers.progress(50);
      member.resume();
    });
  });

  it('survives connections being reset again and again', async () => {
    await underFault(async (writers) => {
      for (let i = 0; i < 10; i++) {
        for (const proxy of proxies) proxy.cut();
        await writers.progress(10);
      }
    });
  });

  it.each(['toServer', 'toClient', 'both'] as const)('leaves a member whose bytes get lost (%s)', async (direction) => {
    await underFault(async (writers) => {
      for (const index of inUse()) {
        proxies[index]?.set(direction, 'discard');
        await writers.progress(20);
        proxies[index]?.set(direction, 'forward');
        proxies[index]?.cut();
      }
    });
  });

  it('leaves a member whose connection stalls', async () => {
    await underFault(async (writers) => {
      for (const index of inUse()) {
        proxies[index]?.set('both', 'stall');
        await writers.progress(20);
        proxies[index]?.set('both', 'forward');
        await writers.progress(20);
      }
    });
  });

  it('refuses without a quorum, and what was refused is never written', async () => {
    const leader = await cluster.leader();
    const others = cluster.members.filter((member) => member !== leader);
    const [survivor, second] = others as [EtcdMember, EtcdMember];
    const index = cluster.members.indexOf(survivor);
    const alone = new EtcdBackend({ endpoints: [proxies[index]?.endpoint ?? ''], requestTimeoutMs: 2000 });
    const start = await alone.currentRevision();
    await Promise.all([leader.kill(), second.kill()]);
    // Until the survivor knows that there is no leader, what becomes of a write cannot be known.
    let prefix = '';
    let codes = new Set<string>();
    for (let round = 0; codes.size !== 1 || !codes.has('unavailable'); round++) {
      prefix = `${PREFIX}never/${round}/`;
      codes = new Set(await Promise.all(Array.from({ length: 20 }, (_, i) => outcome(alone.put(`${prefix}${i}`, Buffer.from('x'), 0)))));
      expect(['ambiguous', 'unavailable']).toEqual(expect.arrayContaining([...codes]));
    }
    await expect(alone.checkHealth()).rejects.toMatchObject({ code: 'unavailable' });
    leader.start();
    second.start();
    await Promise.all([leader.ready(), second.ready()]);
    await alone.checkHealth(10_000);
    expect((await alone.list(prefix)).count).toBe(0);
    expect(await alone.currentRevision()).toBeGreaterThanOrEqual(start);
    await alone.close();
  });

  it('goes on when the cluster has a quorum again', async () => {
    await underFault(async () => {
      const [first, second] = cluster.members as [EtcdMember, EtcdMember];
      await Promise.all([first.kill(), second.kill()]);
      await sleep(500);
      first.start();
      second.start();
      await Promise.all([first.ready(), second.ready()]);
    });
  });
});
