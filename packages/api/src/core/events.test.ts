import { core, events as eventsApi } from '@keelson/schema';
import { printedCells } from '@keelson/server/testing';
import { describe, expect, it } from 'vitest';
import { eventFromHub, eventToHub } from './event-conversion.js';
import { createEvents } from './events.js';

const nowMs = Date.parse('2026-01-01T00:10:00Z');
const resource = createEvents({ ttlSeconds: 3600 });

const event: core.v1.Event = core.v1.Event.codec.fromJson({
  metadata: { name: 'e', namespace: 'default' },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'p', fieldPath: 'spec.containers{c}' },
  reason: 'BackOff',
  message: ' restarting \n',
  source: { component: 'kubelet', host: 'node-1' },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:05:00Z',
  count: 2,
  type: 'Warning',
});

describe('conversion of events', () => {
  it('loses nothing there and back', () => {
    expect(eventToHub(eventFromHub(structuredClone(event)))).toEqual(event);
  });

  it('names the same facts anew', () => {
    const { regarding, note, deprecatedCount, deprecatedSource, reportingController } = eventFromHub(event);
    expect({ regarding, note, deprecatedCount, deprecatedSource, reportingController }).toEqual({
      regarding: event.involvedObject,
      note: ' restarting \n',
      deprecatedCount: 2,
      deprecatedSource: { component: 'kubelet', host: 'node-1' },
      reportingController: undefined,
    });
  });

  it('is what the newer version encodes', () => {
    const newer = eventFromHub(structuredClone(event));
    expect(eventsApi.v1.Event.codec.decode(eventsApi.v1.Event.codec.encode(newer))).toEqual(newer);
  });
});

function cells(given: core.v1.Event) {
  return printedCells(resource.definition.columns ?? [], given, nowMs);
}

describe('columns of events', () => {
  it('prints an event', () => {
    expect(cells(event)).toEqual([
      '5m',
      'Warning',
      'BackOff',
      'pod/p',
      'spec.containers{c}',
      'kubelet, node-1',
      'restarting',
      '10m',
      2,
      'e',
    ]);
  });

  it('prints an event of the newer kind', () => {
    const series = { count: 9, lastObservedTime: '2026-01-01T00:09:30.000000Z' };
    const newer = {
      ...event,
      count: 0,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: '2026-01-01T00:08:30.000000Z',
      series,
    };
    const reported = { ...newer, reportingComponent: 'scheduler', reportingInstance: 's-1' };
    const [last, , , , , source, , firstSeen, count] = cells(reported);
    expect([last, source, firstSeen, count]).toEqual(['30s', 'scheduler, s-1', '90s', 9]);
  });
});
