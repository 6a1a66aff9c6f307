import type { ApiError, Json } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, readerOf } from '../testing/attributes.js';
import { PodNodeSelector, readNodeSelectors } from './pod-node-selector.js';

type Namespace = core.v1.Namespace;
type Selector = Record<string, string> | undefined;

function namespace(name: string, selector?: string): Namespace {
  const annotations = selector === undefined ? {} : { 'scheduler.alpha.kubernetes.io/node-selector': selector };
  return { metadata: { name, annotations }, spec: {}, status: {} };
}

const namespaces = [namespace('plain'), namespace('own', 'zone=b'), namespace('free', ''), namespace('bad', 'zone'), namespace('listed')];
const configuration = { podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'zone=a', listed: 'zone=a,disk=ssd' } };

function plugin(...given: Json[]): PodNodeSelector {
  return new PodNodeSelector(readNodeSelectors(given[0]), readerOf(namespaces));
}

async function outcome(step: 'admit' | 'validate', where: string, nodeSelector?: Selector, one = plugin(configuration)): Promise<unknown> {
  const spec = { containers: [], ...(nodeSelector && { nodeSelector }) };
  const object: core.v1.Pod = { metadata: { name: 'web', namespace: where }, spec, status: {} };
  const error = (await failureOf(() => one[step](attributes(pods, 'CREATE', object)))) as ApiError | undefined;
  return error === undefined ? object.spec.nodeSelector : `${error.code} ${error.message}`;
}

const conflict = '403 pods "web" is forbidden: pod node label selector conflicts with its namespace node label selector';
const unlisted = '403 pods "web" is forbidden: pod node label selector labels conflict with its namespace whitelist';

describe('PodNodeSelector', () => {
  it.each<[string, string, Selector, unknown]>([
    ['the default of the cluster', 'plain', undefined, { zone: 'a' }],
    ['beside what the pod says', 'plain', { disk: 'ssd', zone: 'a' }, { zone: 'a', disk: 'ssd' }],
    ['that of the namespace', 'own', undefined, { zone: 'b' }],
    ['none, where the namespace says so', 'free', undefined, undefined],
    ['what contradicts it', 'own', { zone: 'a' }, conflict],
    ['what the namespace may ask for', 'listed', { disk: 'ssd' }, { zone: 'a', disk: 'ssd' }],
    ['what it may not', 'listed', { disk: 'hdd' }, unlisted],
    ['what nobody knows', 'listed', { gpu: 'yes' }, unlisted],
    ['an annotation that is no selector', 'bad', undefined, '500 invalid selector: [zone]'],
    ['a namespace that is not there', 'gone', undefined, '500 Internal error occurred: namespace gone does not exist'],
  ])('admits %s', async (_, where, selector, expected) => {
    expect(await outcome('admit', where, selector)).toEqual(expected);
  });

  it('judges what others have made of the pod', async () => {
    expect(await outcome('validate', 'own', { zone: 'a' })).toBe(conflict);
    expect(await outcome('validate', 'listed', { zone: 'a', gpu: 'yes' })).toBe(unlisted);
    expect(await outcome('validate', 'own', { zone: 'b' })).toEqual({ zone: 'b' });
  });

  it('needs no configuration, and takes part in nothing but new pods', async () => {
    expect(await outcome('admit', 'plain', undefined, plugin())).toBeUndefined();
    expect([plugin().handles('CREATE'), plugin().handles('UPDATE')]).toEqual([true, false]);
  });

  it.each<[Json, string]>([
    [{ podNodeSelectorPluginConfig: { a: 'b' } }, 'invalid selector: [b]'],
    [
      { podNodeSelectorPluginConfig: { a: 1 } },
      'json: cannot unmarshal number into Go struct field podNodeSelectorPluginConfig.a of type string',
    ],
  ])('refuses to be configured by %j', (given, message) => {
    expect(() => readNodeSelectors(given)).toThrow(new Error(message));
  });
});
