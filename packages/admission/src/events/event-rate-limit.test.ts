import type { AdmissionAttributes, ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, target } from '../testing/attributes.js';
import type { EventLimit } from './event-limits.js';
import { EventRateLimit } from './event-rate-limit.js';

const events = target('', 'Event', 'events');

interface Written {
  readonly user?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly component?: string;
}

function event({ user = 'alice', namespace = 'a', name = 'web', component = 'kubelet' }: Written): AdmissionAttributes {
  const involvedObject = { kind: 'Pod', namespace, name, uid: '1', apiVersion: 'v1' };
  const object = { metadata: { name: 'e', namespace }, source: { component, host: 'n1' }, involvedObject };
  return attributes(events, 'CREATE', object as never, { user: { name: user, groups: [] } });
}

/** A plugin, what it says of an event, and its clock. */
function limited(...limits: Partial<EventLimit>[]) {
  let nowMs = 0;
  const all = limits.map((limit) => ({ type: 'Server', qps: 1, burst: 1, cacheSize: 10, ...limit }) as EventLimit);
  const plugin = new EventRateLimit(all, () => nowMs);
  return {
    plugin,
    wait: (ms: number) => {
      nowMs += ms;
    },
    async judge(written: Written = {}): Promise<string> {
      const error = (await failureOf(() => plugin.validate(event(written)))) as ApiError | undefined;
      return error === undefined ? 'admitted' : `${error.code} ${error.reason} ${error.message}`;
    },
  };
}

const beyond = (limit: string) => `429 TooManyRequests Too many requests: limit reached on type ${limit}`;

describe('EventRateLimit', () => {
  it('lets a burst through, and then the rate', async () => {
    const { judge, wait } = limited({ qps: 2, burst: 3 });
    const three = [await judge(), await judge(), await judge()];
    expect([three, await judge()]).toEqual([['admitted', 'admitted', 'admitted'], beyond('Server for key ')]);
    wait(499);
    expect(await judge()).toBe(beyond('Server for key '));
    wait(1);
    expect([await judge(), await judge()]).toEqual(['admitted', beyond('Server for key ')]);
    wait(60_000);
    expect([await judge(), await judge(), await judge(), await judge()].filter((one) => one === 'admitted')).toHaveLength(3);
  });

  it.each<[EventLimit['type'], Written, Written, string]>([
    ['Namespace', { namespace: 'b' }, { user: 'bob', name: 'x' }, 'a'],
    ['User', { user: 'bob' }, { namespace: 'b' }, 'alice'],
    ['SourceAndObject', { name: 'other' }, { user: 'bob' }, 'kubeletn1Podaweb1v1'],
    ['SourceAndObject', { component: 'other' }, {}, 'kubeletn1Podaweb1v1'],
  ])('tells apart by %s', async (type, other, same, key) => {
    const { judge } = limited({ type });
    expect([await judge(), await judge(other), await judge(same)]).toEqual(['admitted', 'admitted', beyond(`${type} for key ${key}`)]);
  });

  it('counts an event for every limit, and tells of the last one', async () => {
    const { judge } = limited({ type: 'Server' }, { type: 'User', burst: 2 }, { type: 'Namespace' });
    expect([await judge(), await judge({ namespace: 'b' }), await judge({ namespace: 'c' })]).toEqual([
      'admitted',
      beyond('Server for key '),
      beyond('User for key alice'),
    ]);
  });

  it('forgets those who were quiet the longest', async () => {
    const { judge } = limited({ type: 'User', cacheSize: 2 });
    for (const user of ['a', 'b', 'c']) await judge({ user });
    expect([await judge({ user: 'c' }), await judge({ user: 'a' })]).toEqual([beyond('User for key c'), 'admitted']);
  });

  it('is about events of the core group only', async () => {
    const { plugin } = limited({});
    const others = [target('events.k8s.io', 'Event', 'events'), target('', 'Pod', 'pods')];
    for (const other of [...others, ...others]) plugin.validate(attributes(other, 'CREATE', { metadata: { name: 'e' } }));
    expect((['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const).map((one) => plugin.handles(one))).toEqual([true, true, false, false]);
  });
});
