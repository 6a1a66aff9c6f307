import { hostname } from 'node:os';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allEvents, fail, startBuiltInServer } from '../testing/built-in-server.js';
import { EventRecorder, eventName, type Finding, referenceTo } from './event-recorder.js';

let server: TestServer;
let recorder: EventRecorder;
const startMs = Date.parse('2026-03-01T12:00:00.250Z');

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  server = await startBuiltInServer();
  recorder = new EventRecorder(server.api.loopback, 'test-controller', fail);
});

afterEach(async () => {
  vi.useRealTimers();
  await stopTestServers();
});

const about = { metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7' } };
const finding: Finding = { regarding: referenceTo('v1', 'Service', about), reason: 'Broken', action: 'Check', note: 'it is broken' };

function passMinutes(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * 60_000);
}

async function counts(): Promise<(number | undefined)[]> {
  return (await allEvents(server)).map(({ series }) => series?.count);
}

describe('the event recorder', () => {
  it('writes an event of the newer kind', async () => {
    await recorder.warn(finding);
    expect(await allEvents(server)).toMatchObject([
      {
        metadata: { name: expect.stringMatching(/^web\.[0-9a-f]{16}$/), namespace: 'shop' },
        eventTime: '2026-03-01T12:00:00.250000Z',
        reportingController: 'test-controller',
        reportingInstance: `test-controller-${hostname()}`,
        action: 'Check',
        reason: 'Broken',
        regarding: { kind: 'Service', namespace: 'shop', name: 'web', uid: 'u', apiVersion: 'v1', resourceVersion: '7' },
        note: 'it is broken',
        type: 'Warning',
      },
    ]);
    expect(await counts()).toEqual([undefined]);
  });

  it('puts events about objects without a namespace into default', async () => {
    const regarding = referenceTo('v1', 'Node', { metadata: { name: 'n', uid: 'u' } });
    await recorder.warn({ ...finding, regarding });
    expect((await allEvents(server)).map(({ metadata }) => metadata.namespace)).toEqual(['default']);
  });

  it('counts what it sees again, and writes the count now and then', async () => {
    await recorder.warn(finding);
    passMinutes(3);
    await recorder.warn(finding);
    expect((await allEvents(server))[0]?.series).toEqual({ count: 2, lastObservedTime: '2026-03-01T12:03:00.250000Z' });
    for (let i = 0; i < 9; i++) {
      passMinutes(3);
      await recorder.warn(finding);
    }
    expect(await counts()).toEqual([2]);
    passMinutes(3);
    await recorder.warn(finding);
    expect(await counts()).toEqual([12]);
  });

  it('begins anew, with a last word on what was before, when nothing was seen for a while', async () => {
    for (let i = 0; i < 3; i++) {
      await recorder.warn(finding);
      passMinutes(3);
    }
    passMinutes(4);
    await recorder.warn(finding);
    expect(await counts()).toEqual([3, undefined]);
  });

  it('writes a series to a new event when the old one has gone', async () => {
    await recorder.warn(finding);
    const [first] = await allEvents(server);
    await server.client.delete(`/apis/events.k8s.io/v1/namespaces/shop/events/${first?.metadata.name}`);
    await recorder.warn(finding);
    expect(await allEvents(server)).toMatchObject([{ metadata: { name: first?.metadata.name }, series: { count: 2 } }]);
  });

  it('tells whoever wants to know that an event could not be written', async () => {
    const failures: unknown[] = [];
    const failing = new EventRecorder(server.api.loopback, 'no name', (error) => failures.push(error));
    await failing.warn(finding);
    expect(failures.map(String).join()).toContain('reportingController: Invalid value: "no name"');
    expect(await allEvents(server)).toEqual([]);
  });
});

describe('the name of an event', () => {
  it('is never the same twice', () => {
    const names = Array.from({ length: 5 }, () => eventName('web', startMs));
    expect(new Set(names).size).toBe(5);
  });

  it('is another one when it would be none', () => {
    expect(eventName('fd00::1', startMs)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
