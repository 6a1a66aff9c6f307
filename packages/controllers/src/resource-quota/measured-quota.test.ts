import type { KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { MeasuredQuota } from './measured-quota.js';

type Quota = core.v1.ResourceQuota;
type List = Record<string, string>;

const maps = { group: '', resource: 'configmaps' };
const claims = { group: '', resource: 'persistentvolumeclaims' };

function quota(hard: List, status: core.v1.ResourceQuotaStatus = {}, scopes?: string[]): Quota {
  return { metadata: { name: 'q', uid: 'u' }, spec: { hard, ...(scopes && { scopes }) }, status };
}

/** A quota of configmaps of which so many are there, as it was measured last. */
function open(count: number, used: string, hard = '9') {
  let nowMs = 0;
  const state = (text: string) => quota({ configmaps: hard }, { hard: { configmaps: hard }, used: { configmaps: text } });
  const measured = new MeasuredQuota(state(used), () => nowMs);
  for (let i = 0; i < count; i++) measured.measure(maps, `m${i}`, { metadata: {} });
  measured.complete();
  return {
    measured,
    observe: (text: string) => measured.observe(state(text)),
    come: (name: string) => measured.measure(maps, name, { metadata: {} }),
    go: (name: string) => measured.measure(maps, name, undefined),
    /** Undefined: what it says. */
    wanted: () => measured.wantedStatus(() => true)?.used?.configmaps,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

describe('what is used', () => {
  it('is not known before everything was told of', () => {
    const measured = new MeasuredQuota(quota({ configmaps: '5' }), () => 0);
    measured.measure(maps, 'a', { metadata: {} });
    expect(measured.wantedStatus(() => true)).toBeUndefined();
    measured.complete();
    expect(measured.wantedStatus(() => true)).toEqual({ hard: { configmaps: '5' }, used: { configmaps: '1' } });
  });

  it('is what is there', () => {
    const { wanted, go } = open(3, '3');
    expect(wanted()).toBeUndefined();
    go('m1');
    go('m1');
    expect(wanted()).toBe('2');
  });

  it('is besides what was charged and is on its way', () => {
    const { wanted, observe, come, go } = open(2, '2');
    observe('4');
    go('m0');
    expect(wanted()).toBe('3');
    observe('3');
    come('a');
    come('b');
    expect(wanted()).toBeUndefined();
    go('b');
    expect(wanted()).toBe('2');
  });

  it('is what was charged before anybody looked, for a while', () => {
    const { wanted, at } = open(1, '3');
    expect(wanted()).toBeUndefined();
    at(61_000);
    expect(wanted()).toBe('1');
  });

  it('is no more when what was charged does not come', () => {
    const { wanted, observe, at } = open(1, '1');
    observe('2');
    expect(wanted()).toBeUndefined();
    at(61_000);
    expect(wanted()).toBe('1');
  });

  it('is put right by any replica, which the others do not take for a charge', () => {
    const { wanted, observe, come } = open(1, '1');
    come('uncharged');
    expect(wanted()).toBe('2');
    observe('2');
    expect(wanted()).toBeUndefined();
    observe('3');
    expect(wanted()).toBeUndefined();
  });

  it('is of its scopes only, and of what it limits', () => {
    const limits = quota({ pods: '5', 'requests.cpu': '9' }, {}, ['Terminating']);
    const measured = new MeasuredQuota(limits, () => 0);
    const pod = (spec: object): KubeObject => ({ metadata: {}, spec, status: {} }) as KubeObject;
    const containers = [{ name: 'c', resources: { requests: { cpu: '500m', memory: '1Gi' } } }];
    const pods = { group: '', resource: 'pods' };
    measured.measure(pods, 'a', pod({ containers, activeDeadlineSeconds: 5 }));
    measured.measure(pods, 'b', pod({ containers }));
    measured.complete();
    expect(measured.wantedStatus(() => true)?.used).toEqual({ pods: '1', 'requests.cpu': '500m' });
    measured.measure(pods, 'b', pod({ containers, activeDeadlineSeconds: 5 }));
    expect(measured.wantedStatus(() => true)?.used).toEqual({ pods: '2', 'requests.cpu': '1' });
  });

  it('of what is not served is left as it is', () => {
    const status = { hard: { 'count/widgets.example.com': '5' }, used: { 'count/widgets.example.com': '2' } };
    const known = new MeasuredQuota(quota({ 'count/widgets.example.com': '6' }, status), () => 0);
    known.complete();
    expect(known.wantedStatus(() => false)).toEqual({ hard: { 'count/widgets.example.com': '6' }, used: status.used });
    const unknown = new MeasuredQuota(quota({ 'count/widgets.example.com': '6', unheard: '1' }), () => 0);
    unknown.complete();
    expect(unknown.wantedStatus(() => false)).toEqual({ hard: { 'count/widgets.example.com': '6', unheard: '1' }, used: {} });
  });
});

it('is told of the resources that it measures', () => {
  const measured = new MeasuredQuota(
    quota({ pods: '1', 'requests.cpu': '1', 'requests.storage': '1', 'count/jobs.batch': '1', unheard: '1' }),
    () => 0,
  );
  expect(measured.resources).toEqual([{ group: '', resource: 'pods' }, claims, { group: 'batch', resource: 'jobs' }]);
});

it('is another quota when it limits something else', () => {
  const { measured } = open(0, '0');
  expect(measured.isSame(quota({ configmaps: '9000m' }))).toBe(true);
  expect(measured.isSame(quota({ configmaps: '8' }))).toBe(false);
  expect(measured.isSame({ ...quota({ configmaps: '9' }), metadata: { name: 'q', uid: 'other' } })).toBe(false);
});
