import type { AdmissionAttributes, ApiError } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { LimitRanger } from './limit-ranger.js';
import { LimitRanges } from './limit-ranges.js';

type Pod = core.v1.Pod;
type Item = core.v1.LimitRangeItem;
type Requirements = core.v1.ResourceRequirements;

const claims = target('', 'PersistentVolumeClaim', 'persistentvolumeclaims');

function range(name: string, ...limits: Item[]): core.v1.LimitRange {
  return { metadata: { name, namespace: 'web' }, spec: { limits } };
}

function pod(...resources: Requirements[]): Pod {
  const containers = resources.map((one, i) => ({ name: `c${i}`, resources: one }));
  return { metadata: { name: 'p', namespace: 'web' }, spec: { containers }, status: {} };
}

function ranger(ranges: readonly core.v1.LimitRange[]): LimitRanger {
  return new LimitRanger(new LimitRanges(hostOf({ limitranges: ranges }).objects));
}

async function refusal(items: Item[] | core.v1.LimitRange[], written: AdmissionAttributes): Promise<string | undefined> {
  const ranges = items.map((item, i) => ('metadata' in item ? item : range(`r${i}`, item)));
  const error = (await failureOf(() => ranger(ranges).validate(written))) as ApiError | undefined;
  return error?.message.replace(/^(pods|persistentvolumeclaims) "p" is forbidden: /, '');
}

const create = (object: Pod) => attributes(pods, 'CREATE', object);

describe('containers', () => {
  const item: Item = {
    type: 'Container',
    min: { memory: '4Mi', cpu: '50m' },
    max: { cpu: '2' },
    maxLimitRequestRatio: { cpu: '10' },
  };

  it.each<[string | undefined, Requirements]>([
    [undefined, { requests: { cpu: '200m', memory: '4Mi' }, limits: { cpu: '2' } }],
    [
      '[minimum cpu usage per Container is 50m.  No request is specified, minimum memory usage per Container is 4Mi.  No request is specified, ' +
        'maximum cpu usage per Container is 2.  No limit is specified, cpu max limit to request ratio per Container is 10, but no request is specified or request is 0]',
      {},
    ],
    ['maximum cpu usage per Container is 2, but limit is 2001m', { requests: { cpu: '1', memory: '4Mi' }, limits: { cpu: '2001m' } }],
    [
      '[minimum memory usage per Container is 4Mi, but limit is 3Mi, maximum cpu usage per Container is 2, but request is 3]',
      { requests: { cpu: '3', memory: '4Mi' }, limits: { cpu: '1', memory: '3Mi' } },
    ],
    ['minimum memory usage per Container is 4Mi, but request is 4M', { requests: { cpu: '1', memory: '4M' }, limits: { cpu: '1' } }],
    [
      'cpu max limit to request ratio per Container is 10, but provided ratio is 12.857143',
      { requests: { cpu: '140m', memory: '1Gi' }, limits: { cpu: '1800m' } },
    ],
    [
      '[minimum cpu usage per Container is 50m, but limit is 0, ' +
        'cpu max limit to request ratio per Container is 10, but no limit is specified or limit is 0]',
      { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '0' } },
    ],
  ])('are told: %s', async (expected, resources) => {
    expect(await refusal([item], create(pod(resources)))).toBe(expected);
  });

  it('of all kinds are looked at, and the same is told once', async () => {
    const several = pod({ limits: { cpu: '3' } }, { limits: { cpu: '3' } });
    several.spec.initContainers = [{ name: 'i', resources: { limits: { cpu: '4' } } }];
    expect(await refusal([{ type: 'Container', max: { cpu: '2' } }], create(several))).toBe(
      '[maximum cpu usage per Container is 2, but limit is 3, maximum cpu usage per Container is 2, but limit is 4]',
    );
  });

  it('are held to the first LimitRange by name that they break', async () => {
    const max = (cpu: string): Item => ({ type: 'Container', max: { cpu } });
    const ranges = [range('c', max('1')), range('b', max('2')), range('a', max('9'))];
    expect(await refusal(ranges, create(pod({ limits: { cpu: '3' } })))).toBe('maximum cpu usage per Container is 2, but limit is 3');
  });
});

describe('pods', () => {
  const item: Item = { type: 'Pod', max: { cpu: '2' }, min: { memory: '1Gi' } };

  it('are held to the sum of their containers', async () => {
    const each = { requests: { memory: '500Mi' }, limits: { cpu: '1500m' } };
    expect(await refusal([item], create(pod(each, each)))).toBe(
      '[minimum memory usage per Pod is 1Gi, but request is 1000Mi, maximum cpu usage per Pod is 2, but limit is 3]',
    );
  });

  it('are held to what an init container needs, if that is more', async () => {
    const some = pod({ requests: { memory: '1Gi' }, limits: { cpu: '1' } });
    some.spec.initContainers = [
      { name: 's', resources: { limits: { cpu: '500m' } }, restartPolicy: 'Always' },
      { name: 'i', resources: { limits: { cpu: '2' } } },
    ];
    expect(await refusal([item], create(some))).toBe('maximum cpu usage per Pod is 2, but limit is 2500m');
  });

  it('are held to what they state as a whole, of cpu and memory', async () => {
    const whole = pod({ requests: { memory: '1Mi' }, limits: { cpu: '9', 'hugepages-2Mi': '4Mi' } });
    whole.spec.resources = { requests: { memory: '2Gi' }, limits: { cpu: '1', 'hugepages-2Mi': '2Mi' } };
    expect(await refusal([{ ...item, max: { cpu: '2', 'hugepages-2Mi': '2Mi' } }], create(whole))).toBe(
      'maximum hugepages-2Mi usage per Pod is 2Mi, but limit is 4Mi',
    );
  });

  it('are looked at when they are made or resized, not when they are on their way out', async () => {
    const limits: Item[] = [{ type: 'Pod', max: { cpu: '1' } }];
    const big = pod({ limits: { cpu: '2' } });
    const update = (more: Partial<AdmissionAttributes>) => refusal(limits, attributes(pods, 'UPDATE', big, { oldObject: big, ...more }));
    const leaving = { ...big, metadata: { ...big.metadata, deletionTimestamp: '2025-01-01T00:00:00Z' } };
    const told = 'maximum cpu usage per Pod is 1, but limit is 2';
    expect([await update({ subresource: 'resize' }), await update({}), await update({ subresource: 'status' })]).toEqual([
      told,
      undefined,
      undefined,
    ]);
    expect(await update({ subresource: 'resize', oldObject: leaving })).toBeUndefined();
    expect(await refusal(limits, attributes(pods, 'CREATE', big, { subresource: 'binding' }))).toBeUndefined();
  });
});

describe('claims', () => {
  const item: Item = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } };

  it.each<[string | undefined, Record<string, string>]>([
    [undefined, { storage: '10Gi' }],
    ['minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1G', { storage: '1G' }],
    ['maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi', { storage: '11Gi' }],
    [
      '[minimum storage usage per PersistentVolumeClaim is 1Gi.  No request is specified, maximum storage usage per PersistentVolumeClaim is 10Gi.  No request is specified]',
      {},
    ],
  ])('are told: %s', async (expected, requests) => {
    const claim = { metadata: { name: 'p', namespace: 'web' }, spec: { resources: { requests } }, status: {} };
    expect(await refusal([item, { type: 'Pod', max: { storage: '0' } }], attributes(claims, 'CREATE', claim))).toBe(expected);
    expect(await refusal([item], attributes(claims, 'UPDATE', claim, { oldObject: claim }))).toBe(expected);
  });
});

describe('defaults', () => {
  const item: Item = { type: 'Container', default: { memory: '2Gi', cpu: '1' }, defaultRequest: { cpu: '100m' } };

  async function admitted(object: Pod, ...ranges: core.v1.LimitRange[]): Promise<Pod> {
    await ranger(ranges).admit(create(object));
    return object;
  }

  it('are for containers that say nothing themselves, and are noted', async () => {
    const given = pod({ limits: { cpu: '3' } }, { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } });
    given.spec.initContainers = [{ name: 'i', resources: {} }];
    const { spec, metadata } = await admitted(given, range('r', item));
    expect([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ resources }) => resources)).toEqual([
      { requests: { cpu: '100m' }, limits: { cpu: '3', memory: '2Gi' } },
      { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } },
      { requests: { cpu: '100m' }, limits: { cpu: '1', memory: '2Gi' } },
    ]);
    expect(metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu request for container c0; memory limit for container c0; ' +
        'cpu request for init container i; cpu, memory limit for init container i',
    });
  });

  it('of the last item hold, and those of the first LimitRange', async () => {
    const later: Item = { type: 'Container', default: { cpu: '7' } };
    const { spec } = await admitted(pod({}), range('b', { type: 'Container', default: { cpu: '9' } }), range('a', item, later));
    expect(spec.containers?.[0]?.resources).toEqual({ requests: { cpu: '100m' }, limits: { cpu: '7', memory: '2Gi' } });
  });

  it('leave a pod as it is that needs none', async () => {
    const { spec, metadata } = await admitted(pod({}), range('r', { type: 'Pod', max: { cpu: '1' } }));
    expect([spec, metadata.annotations]).toEqual([pod({}).spec, undefined]);
  });
});
