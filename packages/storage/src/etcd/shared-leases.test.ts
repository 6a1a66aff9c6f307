import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEtcdMessage } from '../testing/etcd/etcd-messages.js';
import { ScriptedTransport } from '../testing/etcd/scripted-transport.js';
import { EtcdCalls } from './etcd-calls.js';
import { etcdSettings } from './etcd-options.js';
import { SharedLeases } from './shared-leases.js';

let granted: { TTL: number; ID: number }[];
let calls: EtcdCalls;
let leases: SharedLeases;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  granted = [];
  const transport = new ScriptedTransport((_path, request) => {
    granted.push(readEtcdMessage('LeaseGrantRequest', request) as { TTL: number; ID: number });
    return Buffer.alloc(0);
  });
  calls = new EtcdCalls([transport], etcdSettings({ endpoints: ['x'] }));
  leases = new SharedLeases(calls, 60);
});

afterEach(() => void vi.useRealTimers());

describe('SharedLeases', () => {
  it.each([
    [3600, 3660],
    [600, 630],
    [15, 15],
    [1, 1],
  ])('grants %d s of life for %d s', async (ttlSeconds, leaseSeconds) => {
    const id = await leases.leaseFor(ttlSeconds);
    expect(granted).toEqual([{ TTL: leaseSeconds, ID: id }]);
  });

  it('shares a lease for no longer than it is told', async () => {
    await new SharedLeases(calls, 5).leaseFor(3600);
    await new SharedLeases(calls, 0).leaseFor(3600);
    expect(granted.map(({ TTL }) => TTL)).toEqual([3605, 3600]);
  });

  it('uses a lease for as long as it outlives the keys', async () => {
    const first = await leases.leaseFor(3600);
    vi.advanceTimersByTime(60_000);
    expect(await leases.leaseFor(3600)).toBe(first);
    vi.advanceTimersByTime(1);
    const second = await leases.leaseFor(3600);
    expect(second).not.toBe(first);
    expect(await leases.leaseFor(3600)).toBe(second);
    expect(granted).toHaveLength(2);
  });

  it('attaches at most 1000 keys to a lease, also when all come at once', async () => {
    const ids = await Promise.all(Array.from({ length: 2500 }, () => leases.leaseFor(3600)));
    const uses = new Map<number, number>();
    for (const id of ids) uses.set(id, (uses.get(id) ?? 0) + 1);
    expect([...uses.values()]).toEqual([1000, 1000, 500]);
    // The first one replaces none.
    expect([leases.keys.sum, [...leases.keys.counts]]).toEqual([2000, [1, 0, 0, 0, 2, 0, 0, 0]]);
    expect(granted.map(({ ID }) => ID)).toEqual([...uses.keys()]);
  });

  it('keeps TTLs apart', async () => {
    const event = await leases.leaseFor(3600);
    const master = await leases.leaseFor(15);
    expect(await leases.leaseFor(3600)).toBe(event);
    expect(master).not.toBe(event);
  });

  it('does not use a lease again that the store has lost', async () => {
    const first = await leases.leaseFor(3600);
    leases.forget(first);
    expect(await leases.leaseFor(3600)).not.toBe(first);
  });
});
