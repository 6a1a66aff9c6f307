import { core } from '@keelson/schema';
import { StorageError } from '@keelson/storage';
import { describe, expect, it } from 'vitest';
import { defineResource } from '../resource/resource.js';
import { reserve, settleReservation } from './reservation.js';
import type { WriteRequest } from './write-request.js';

function setUp(more: Partial<WriteRequest> = {}) {
  const told: string[] = [];
  let count = 0;
  const resource = defineResource(core.v1.ConfigMap, {
    names: { plural: 'configmaps' },
    scope: 'Namespaced',
    storage: { key: 'configmaps' },
    async reserve() {
      const number = ++count;
      told.push(`reserve ${number}`);
      return { confirm: async () => void told.push(`confirm ${number}`), cancel: async () => void told.push(`cancel ${number}`) };
    },
  });
  const request = { version: resource.byApiVersion('v1'), context: {}, ...more } as WriteRequest;
  return { told, request };
}

const hub = { metadata: {} };

describe('a reservation', () => {
  it('is confirmed when the write is stored', async () => {
    const { told, request } = setUp();
    const write = async () => {
      await reserve(request, hub, undefined);
      return 'stored';
    };
    expect(await settleReservation(request, write, (outcome) => outcome === 'stored')).toBe('stored');
    expect(told).toEqual(['reserve 1', 'confirm 1']);
  });

  it('is cancelled before the write is tried again', async () => {
    const { told, request } = setUp();
    const write = async () => {
      await reserve(request, hub, undefined);
      await reserve(request, hub, undefined);
    };
    await settleReservation(request, write, () => true);
    expect(told).toEqual(['reserve 1', 'cancel 1', 'reserve 2', 'confirm 2']);
  });

  it.each([
    ['fails', async () => Promise.reject(new StorageError('keyExists', 'taken')), ['reserve 1', 'cancel 1']],
    ['may have happened', async () => Promise.reject(new StorageError('ambiguous', 'who knows')), ['reserve 1']],
  ])('of a write that %s', async (_, end, expected) => {
    const { told, request } = setUp();
    const write = async () => {
      await reserve(request, hub, undefined);
      await end();
    };
    await expect(settleReservation(request, write, () => true)).rejects.toThrow(StorageError);
    expect(told).toEqual(expected);
  });

  it('is cancelled when nothing is stored in the end', async () => {
    const { told, request } = setUp();
    await settleReservation(
      request,
      async () => reserve(request, hub, undefined),
      () => false,
    );
    expect(told).toEqual(['reserve 1', 'cancel 1']);
  });

  it('is nothing that parts need', async () => {
    const { told, request } = setUp({ part: {} as never });
    await settleReservation(
      request,
      async () => reserve(request, hub, undefined),
      () => true,
    );
    expect(told).toEqual([]);
  });
});
