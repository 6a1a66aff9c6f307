import type { Aggregator, APIService, Verdict } from '@keelson/aggregator';
import type { ObjectReceiver } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { expect, it } from 'vitest';
import type { ControllerAccess } from '../controller-access.js';
import { RemoteAvailability } from './remote-availability.js';

const gone: Verdict = { status: 'False', reason: 'FailedDiscoveryCheck', message: 'no answer' };

function apiService(name: string): APIService {
  return { metadata: { name, resourceVersion: '1' }, spec: { service: { namespace: 'a', name: 'b' } }, status: {} } as APIService;
}

/** What a controller sees of two APIServices whose servers are suspected of something whenever they are looked at. */
function suspects() {
  const apiServices = new Map(['one', 'other'].map((name) => [name, apiService(name)]));
  const written: string[] = [];
  const unavailable: string[] = [];
  let looks = 0;
  let suspect: (name: string) => void = () => undefined;
  const aggregator = {
    apiServices,
    onSuspect: (listener: (name: string) => void) => {
      suspect = listener;
    },
    check: async (name: string) => {
      looks++;
      await new Promise(setImmediate);
      for (const other of apiServices.keys()) if (other !== name && looks < 1000) suspect(other);
      return gone;
    },
    refresh: async () => undefined,
    metrics: { becameUnavailable: (name: string) => unavailable.push(name) },
  } as unknown as Aggregator;
  const client = {
    updateStatus: async (_: object, __: string, name: string, change: (object: APIService) => void) => {
      const object = apiService(name);
      change(object);
      written.push(`${name} ${object.status.conditions?.[0]?.reason}`);
      apiServices.set(name, object);
    },
  } as unknown as LoopbackClient;
  const objects = {
    follow: (_: object, receiver: ObjectReceiver<APIService>) => {
      for (const object of apiServices.values()) receiver.set(object);
      return { synced: Promise.resolve(), stop: () => undefined };
    },
  };
  const access = { objects, client, onFailure: (error: unknown) => expect.unreachable(String(error)) } as unknown as ControllerAccess;
  return { controller: new RemoteAvailability(access, aggregator), written, unavailable, looks: () => looks };
}

it('has begun when each was looked at once, however busy it is then, and says what it has seen once', async () => {
  const { controller, written, unavailable, looks } = suspects();
  await controller.start();
  expect(looks()).toBeLessThan(1000);
  await controller.stop();
  expect([written.sort(), unavailable]).toEqual([['one FailedDiscoveryCheck', 'other FailedDiscoveryCheck'], []]);
});
