import type { UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordedLog } from '../http/testing/running-server.js';
import { MetricsRegistry } from '../metrics/registry/metrics-registry.js';
import { FlowControlMetrics } from '../metrics/requests/flow-control-metrics.js';
import { FlowControl } from './flow-control.js';
import type { FlowOrigin } from './flow-origin.js';
import type { PriorityLevel } from './priority-level.js';
import { QueuedRequest } from './queuing/queued-request.js';
import { configuration, exempt, limited, schema } from './testing/configuration.js';
import { FollowedObjects } from './testing/followed-objects.js';
import { requestState } from './testing/request-state.js';
import { ONE_SEAT } from './width/width.js';

const SCHEMAS = 'flowschemas';
const LEVELS = 'prioritylevelconfigurations';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

function open(seats: number, mandatory = configuration()) {
  const registry = new MetricsRegistry();
  const log = new RecordedLog();
  const control = new FlowControl({ seats, mandatory, metrics: new FlowControlMetrics(registry), log });
  const objects = new FollowedObjects();
  control.follow(objects);
  control.start();
  const level = (name: string) => control.levels.find((one) => one.name === name) as PriorityLevel;
  const users = new Map<string, UserInfo>();
  /** Each user is one object, as those of authenticators are. */
  const user = (name: string): UserInfo => {
    const known = users.get(name) ?? { name, groups: [] };
    users.set(name, known);
    return known;
  };
  const taker = (userName: string, url = '/api/v1/pods') => {
    const { name, level: taken } = control.classify(requestState('GET', url).info, user(userName)).schema;
    return `${name} ${taken.name}`;
  };
  return { control, objects, level, taker, log, registry };
}

/** Until what has changed is in use. */
const digested = () => new Promise((resolve) => setImmediate(resolve));

/** Requests of a level that are executed until `finish`. */
function occupy(level: PriorityLevel, count: number) {
  const requests = Array.from({ length: count }, () => new QueuedRequest({} as FlowOrigin, ONE_SEAT, performance.now()));
  const { discipline } = level.queues;
  const all = typeof discipline === 'string' ? [] : Array.from({ length: discipline.queues }, (_, at) => at);
  for (const request of requests) level.queues.start(request, level.queues.hand(all), performance.now());
  return () => {
    for (const request of requests) level.queues.finish(request, performance.now());
  };
}

describe('classification', () => {
  it('takes what there always is before there are objects', () => {
    const { taker } = open(100);
    expect([taker('root'), taker('alice')]).toEqual(['exempt exempt', 'catch-all catch-all']);
  });

  it('asks schemas by precedence, then by name', () => {
    const schemas = [
      schema('b', 'x', { precedence: 500 }),
      schema('a', 'y', { precedence: 500 }),
      schema('c', 'x', { precedence: 400, users: ['bob'] }),
    ];
    const { taker } = open(100, configuration(schemas, [limited('x', 10), limited('y', 10)]));
    expect([taker('alice'), taker('bob'), taker('root')]).toEqual(['a y', 'c x', 'exempt exempt']);
  });

  it('follows objects as they come, change and go', async () => {
    const { taker, objects } = open(100);
    objects.set(SCHEMAS, schema('mine', 'own', { users: ['alice'] }));
    await digested();
    // It leads nowhere yet.
    expect(taker('alice')).toBe('catch-all catch-all');
    objects.set(LEVELS, limited('own', 10));
    await digested();
    expect([taker('alice'), taker('bob')]).toEqual(['mine own', 'catch-all catch-all']);
    const changed = schema('mine', 'own', { users: ['bob'] });
    objects.set(SCHEMAS, { ...changed, metadata: { ...changed.metadata, generation: 2 } });
    await digested();
    expect([taker('alice'), taker('bob')]).toEqual(['catch-all catch-all', 'mine own']);
    objects.delete(SCHEMAS, 'mine');
    await digested();
    expect(taker('bob')).toBe('catch-all catch-all');
  });

  it('uses the objects of what is mandatory where there are any', async () => {
    const { control, objects } = open(100);
    const stored = schema('catch-all', 'catch-all', { precedence: 10_000 });
    objects.set(SCHEMAS, { ...stored, metadata: { ...stored.metadata, uid: 'stored' } });
    await digested();
    expect(control.classify(requestState('GET', '/version').info, { name: 'alice', groups: [] }).schema.uid).toBe('stored');
  });

  it('ignores levels that contradict themselves', async () => {
    const { taker, objects, log } = open(100, configuration([schema('mine', 'odd')]));
    objects.set(LEVELS, { ...exempt('odd') });
    await digested();
    expect([taker('alice'), log.lines]).toEqual([
      'catch-all catch-all',
      ['warn a priority level is ignored: what its spec says does not go together'],
    ]);
  });

  it('loses no count of a schema that is read anew', async () => {
    const { control, objects, registry } = open(100, configuration([], [limited('x', 10)]));
    const serve = () =>
      control.classify(requestState('GET', '/version').info, { name: 'alice', groups: [] }).schema.instruments.dispatched(1, 0);
    serve();
    objects.set(SCHEMAS, schema('mine', 'x', { users: ['bob'] }));
    await digested();
    serve();
    let text = '';
    for await (const part of registry.render()) text += part;
    expect(/apiserver_flowcontrol_dispatched_requests_total\{.*"catch-all"\} (\d+)/.exec(text)?.[1]).toBe('2');
    expect(/apiserver_flowcontrol_work_estimated_seats_count\{.*"catch-all"\} (\d+)/.exec(text)?.[1]).toBe('2');
  });

  it('does nothing anew when only a status has changed', async () => {
    const { control, objects } = open(100, configuration([], [limited('x', 10)]));
    const mine = schema('mine', 'x');
    objects.set(SCHEMAS, mine);
    await digested();
    const before = control.classify(requestState('GET', '/version').info, { name: 'alice', groups: [] }).schema;
    objects.set(SCHEMAS, { ...mine, status: { conditions: [{ type: 'Dangling', status: 'False' }] } } as flowcontrol.v1.FlowSchema);
    await digested();
    expect(control.classify(requestState('GET', '/version').info, { name: 'alice', groups: [] }).schema).toBe(before);
  });
});

describe('seats', () => {
  const suggested: [string, number, number][] = [
    ['system', 30, 33],
    ['node-high', 40, 25],
    ['leader-election', 10, 0],
    ['workload-high', 40, 50],
    ['workload-low', 100, 90],
    ['global-default', 20, 50],
  ];
  const levels = suggested.map(([name, shares, lendablePercent]) => limited(name, shares, {}, { lendablePercent }));

  it('are divided by shares, as kube-apiserver divides them', () => {
    const { control } = open(600, configuration([], levels));
    expect(control.levels.map(({ name, bounds }) => [name, bounds.nominal, bounds.lowest, bounds.highest])).toEqual([
      ['exempt', 0, 0, 600],
      ['catch-all', 13, 13, 613],
      ['system', 74, 50, 674],
      ['node-high', 98, 73, 698],
      ['leader-election', 25, 25, 625],
      ['workload-high', 98, 49, 698],
      ['workload-low', 245, 24, 845],
      ['global-default', 49, 24, 649],
    ]);
  });

  it('of idle levels are lent to those that want them, every ten seconds, and come back', () => {
    const { level } = open(600, configuration([], levels));
    const limit = () => [level('workload-high').queues.limit, level('workload-low').queues.limit, level('leader-election').queues.limit];
    const finish = occupy(level('workload-high'), 400);
    vi.advanceTimersByTime(10_000);
    const lent = limit();
    expect(lent[0]).toBeGreaterThan(300);
    expect(lent.slice(1)).toEqual([24, 25]);
    occupy(level('workload-low'), 300);
    vi.advanceTimersByTime(10_000);
    vi.advanceTimersByTime(10_000);
    // What is its own comes back to it at once.
    expect(limit()[1]).toBeGreaterThanOrEqual(245);
    finish();
  });

  it('are borrowed within the limit of borrowing', () => {
    const { level } = open(
      100,
      configuration([], [limited('x', 10, {}, { borrowingLimitPercent: 50 }), limited('y', 10, {}, { lendablePercent: 100 })]),
    );
    occupy(level('x'), 80);
    vi.advanceTimersByTime(10_000);
    expect([level('x').bounds, level('x').queues.limit]).toEqual([{ nominal: 40, lowest: 40, highest: 60 }, 60]);
  });

  it('are divided anew when levels come and go; one that is in use goes when it is done', async () => {
    const { control, level, objects, taker } = open(100, configuration([schema('mine', 'own')], [limited('x', 45)]));
    objects.set(LEVELS, limited('own', 50));
    await digested();
    expect([level('x').bounds.nominal, level('own').bounds.nominal, taker('alice')]).toEqual([45, 50, 'mine own']);
    const finish = occupy(level('own'), 1);
    objects.delete(LEVELS, 'own');
    await digested();
    expect([level('own').isLeaving, level('own').queues.limit > 0, taker('alice')]).toEqual([true, true, 'catch-all catch-all']);
    finish();
    vi.advanceTimersByTime(10_000);
    expect(control.levels.map(({ name }) => name)).toEqual(['exempt', 'catch-all', 'x']);
    objects.set(LEVELS, limited('own', 50));
    await digested();
    expect([level('own').isLeaving, taker('alice')]).toEqual([false, 'mine own']);
  });

  it('are shown with what is wanted of them', async () => {
    const { level, registry } = open(600, configuration([], levels));
    occupy(level('leader-election'), 40);
    vi.advanceTimersByTime(10_000);
    let text = '';
    for await (const lines of registry.render()) text += lines;
    const value = (name: string) =>
      new RegExp(`^apiserver_flowcontrol_${name}{priority_level="leader-election"} (.*)$`, 'm').exec(text)?.[1];
    const names = ['nominal_limit_seats', 'lower_limit_seats', 'upper_limit_seats', 'demand_seats_high_watermark', 'demand_seats_average'];
    expect(names.map(value)).toEqual(['25', '25', '625', '40', '40']);
    expect(value('current_limit_seats')).toBe(String(level('leader-election').queues.limit));
  });
});

it('lets no request be wider than a part of its level', () => {
  const { level } = open(600, configuration([], [limited('x', 100, { handSize: 8 }), limited('narrow', 1, { handSize: 8 })]));
  // 15 % of 567; never less than one.
  expect([level('x').bounds.nominal, level('x').widest, level('narrow').widest, level('exempt').widest]).toEqual([567, 70, 1, undefined]);
});
