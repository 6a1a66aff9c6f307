import type { AdmissionAttributes, ApiError, KubeObject, ObjectReader } from '@keelson/machinery';
import type { core, scheduling } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, readerOf, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { Priority } from './priority.js';

type PriorityClass = scheduling.v1.PriorityClass;
type PodSpec = core.v1.PodSpec;

function priorityClass(name: string, value: number, more: Partial<PriorityClass> = {}): PriorityClass {
  return { metadata: { name }, value, ...more };
}

function priorityWith(...priorityclasses: PriorityClass[]): Priority {
  return new Priority(hostOf({ priorityclasses }).objects);
}

const high = priorityClass('high', 1000, { preemptionPolicy: 'Never' });
const byDefault = priorityClass('usual', 10, { globalDefault: true });
const classes = target('scheduling.k8s.io', 'PriorityClass', 'priorityclasses');

function pod(spec: Partial<PodSpec>): core.v1.Pod {
  return { metadata: { name: 'web', namespace: 'a' }, spec: { containers: [], ...spec }, status: {} };
}

async function admitted(plugin: Priority, spec: Partial<PodSpec>, old?: Partial<PodSpec>): Promise<Partial<PodSpec> | string> {
  const object = pod(spec);
  const written = attributes(pods, old === undefined ? 'CREATE' : 'UPDATE', object, { ...(old && { oldObject: pod(old) }) });
  const error = (await failureOf(() => plugin.admit(written))) as ApiError | undefined;
  const { containers: _containers, ...rest } = object.spec;
  return error === undefined ? rest : `${error.code} ${error.message}`;
}

describe('the priority of a pod', () => {
  const plugin = priorityWith(high, byDefault);

  it('is that of its class', async () => {
    expect(await admitted(plugin, { priorityClassName: 'high' })).toEqual({
      priorityClassName: 'high',
      priority: 1000,
      preemptionPolicy: 'Never',
    });
  });

  it('is that of the default class, which the pod then names', async () => {
    expect(await admitted(plugin, {})).toEqual({ priorityClassName: 'usual', priority: 10, preemptionPolicy: 'PreemptLowerPriority' });
  });

  it('is the lowest of several defaults', async () => {
    const several = priorityWith(byDefault, priorityClass('lower', 5, { globalDefault: true }));
    expect(await admitted(several, {})).toMatchObject({ priorityClassName: 'lower', priority: 5 });
  });

  it('is zero without any class', async () => {
    expect(await admitted(priorityWith(high), {})).toEqual({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  });

  it('may be given when it is the same', async () => {
    expect(await admitted(plugin, { priorityClassName: 'high', priority: 1000, preemptionPolicy: 'Never' })).toMatchObject({
      priority: 1000,
    });
  });

  it.each<[Partial<PodSpec>, string]>([
    [{ priorityClassName: 'none' }, '403 pods "web" is forbidden: no PriorityClass with name none was found'],
    [
      { priorityClassName: 'high', priority: 5 },
      '403 pods "web" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name',
    ],
    [
      { priorityClassName: 'high', preemptionPolicy: 'PreemptLowerPriority' },
      '403 pods "web" is forbidden: the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name',
    ],
  ])('refuses %j', async (spec, expected) => {
    expect(await admitted(plugin, spec)).toBe(expected);
  });

  it('stays what it was on updates, whatever has become of the class', async () => {
    const old = { priorityClassName: 'gone', priority: 7, preemptionPolicy: 'Never' };
    expect(await admitted(plugin, { priorityClassName: 'gone' }, old)).toEqual(old);
    expect(await admitted(plugin, { priorityClassName: 'high' }, old)).toEqual({ ...old, priorityClassName: 'high' });
  });

  it('is found in the store when the cache has not heard of the class', async () => {
    expect(
      await admitted(
        new Priority({ ...hostOf().objects, reader: <T extends KubeObject>() => readerOf<KubeObject>([high], []) as ObjectReader<T> }),
        { priorityClassName: 'high' },
      ),
    ).toMatchObject({ priority: 1000 });
  });

  it('is nothing that subresources have', async () => {
    const object = pod({});
    await plugin.admit(attributes(pods, 'UPDATE', object, { subresource: 'status', oldObject: pod({ priority: 3 }) }));
    expect(object.spec).toEqual({ containers: [] });
  });
});

describe('the default class', () => {
  const plugin = priorityWith(high, byDefault);

  async function judged(operation: AdmissionAttributes['operation'], object: PriorityClass): Promise<string> {
    const error = (await failureOf(() => plugin.validate(attributes(classes, operation, object)))) as ApiError | undefined;
    return error?.message ?? 'valid';
  }

  const taken = 'PriorityClass usual is already marked as default. Only one default can exist';

  it.each<[AdmissionAttributes['operation'], PriorityClass, string]>([
    ['CREATE', priorityClass('new', 1), 'valid'],
    ['CREATE', priorityClass('new', 1, { globalDefault: true }), `priorityclasses.scheduling.k8s.io "new" is forbidden: ${taken}`],
    ['UPDATE', { ...high, globalDefault: true }, `priorityclasses.scheduling.k8s.io "high" is forbidden: ${taken}`],
    ['UPDATE', byDefault, 'valid'],
  ])('%s: is one only (%j)', async (operation, object, expected) => {
    expect(await judged(operation, object)).toBe(expected);
  });
});
