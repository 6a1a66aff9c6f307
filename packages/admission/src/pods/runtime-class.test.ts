import type { ApiError } from '@keelson/machinery';
import type { core, node } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, readerOf } from '../testing/attributes.js';
import { RuntimeClass } from './runtime-class.js';

type PodSpec = core.v1.PodSpec;

const toleration = { key: 'gvisor', operator: 'Exists' };
const classes: node.v1.RuntimeClass[] = [
  { metadata: { name: 'plain' }, handler: 'runc' },
  { metadata: { name: 'heavy' }, handler: 'kata', overhead: { podFixed: { cpu: '250m', memory: '1Gi' } } },
  { metadata: { name: 'placed' }, handler: 'gvisor', scheduling: { nodeSelector: { runtime: 'gvisor' }, tolerations: [toleration] } },
];

async function outcome(step: 'admit' | 'validate', spec: Partial<PodSpec>, plugin = new RuntimeClass(readerOf(classes))): Promise<unknown> {
  const object: core.v1.Pod = { metadata: { name: 'web', namespace: 'a' }, spec: { containers: [], ...spec }, status: {} };
  const error = (await failureOf(() => plugin[step](attributes(pods, 'CREATE', object)))) as ApiError | undefined;
  const { containers: _containers, runtimeClassName: _runtimeClassName, ...rest } = object.spec;
  return error?.message ?? rest;
}

const rejected = 'pods "web" is forbidden: pod rejected:';
const differs = `${rejected} Pod's Overhead doesn't match RuntimeClass's defined Overhead`;

describe('RuntimeClass', () => {
  it.each<[string, Partial<PodSpec>, unknown]>([
    ['no class', {}, {}],
    ['a class that asks for nothing', { runtimeClassName: 'plain' }, {}],
    ['what the class costs', { runtimeClassName: 'heavy' }, { overhead: { cpu: '250m', memory: '1Gi' } }],
    [
      'the same given',
      { runtimeClassName: 'heavy', overhead: { cpu: '0.25', memory: '1024Mi' } },
      { overhead: { cpu: '250m', memory: '1Gi' } },
    ],
    ['something else given', { runtimeClassName: 'heavy', overhead: { cpu: '250m' } }, differs],
    ['where the class runs', { runtimeClassName: 'placed' }, { nodeSelector: { runtime: 'gvisor' }, tolerations: [toleration] }],
    [
      'beside what the pod says',
      {
        runtimeClassName: 'placed',
        nodeSelector: { zone: 'a', runtime: 'gvisor' },
        tolerations: [{ key: 'x', operator: 'Exists' }, toleration],
      },
      { nodeSelector: { zone: 'a', runtime: 'gvisor' }, tolerations: [{ key: 'x', operator: 'Exists' }, toleration] },
    ],
    [
      'against what the pod says',
      { runtimeClassName: 'placed', nodeSelector: { runtime: 'runc' } },
      'pods "web" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[runtime] = gvisor; pod.spec.nodeSelector[runtime] = runc',
    ],
    ['a class that is not there', { runtimeClassName: 'none' }, `${rejected} RuntimeClass "none" not found`],
  ])('admits %s', async (_, spec, expected) => {
    expect(await outcome('admit', spec)).toEqual(expected);
  });

  it.each<[string, Partial<PodSpec>, string | undefined]>([
    ['no class', {}, undefined],
    ['its costs', { runtimeClassName: 'heavy', overhead: { cpu: '250m', memory: '1Gi' } }, undefined],
    ['costs that are not set', { runtimeClassName: 'heavy' }, differs],
    ['other costs', { runtimeClassName: 'heavy', overhead: { cpu: '1', memory: '1Gi' } }, differs],
    [
      'costs of a class that has none',
      { runtimeClassName: 'plain', overhead: { cpu: '1' } },
      `${rejected} Pod Overhead set without corresponding RuntimeClass defined Overhead`,
    ],
    ['costs of no class', { overhead: {} }, `${rejected} Pod Overhead set without corresponding RuntimeClass defined Overhead`],
    ['a class that is gone', { runtimeClassName: 'none' }, `${rejected} RuntimeClass "none" not found`],
  ])('judges %s', async (_, spec, expected) => {
    const { runtimeClassName: _name, ...rest } = spec;
    expect(await outcome('validate', spec)).toEqual(expected ?? rest);
  });

  it('asks the store about a class that the cache has not heard of', async () => {
    const plugin = new RuntimeClass(readerOf(classes, []));
    expect(await outcome('admit', { runtimeClassName: 'heavy' }, plugin)).toEqual({ overhead: { cpu: '250m', memory: '1Gi' } });
  });

  it('is of interest to new pods only', () => {
    const plugin = new RuntimeClass(readerOf(classes));
    expect([plugin.handles('CREATE'), plugin.handles('UPDATE')]).toEqual([true, false]);
  });
});
