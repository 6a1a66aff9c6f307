import type { Json, JsonObject } from '@keelson/machinery';
import { kinds, type TypeSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { applyStrategicPatch } from './apply-strategic-patch.js';
import { StrategicPatchError } from './strategic-patch-error.js';

function typeOf(group: string, version: string, kind: string): TypeSchema {
  const found = kinds.find(group, version, kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found.type;
}

const deploymentType = typeOf('apps', 'v1', 'Deployment');
const serviceType = typeOf('', 'v1', 'Service');
const serviceAccountType = typeOf('', 'v1', 'ServiceAccount');

const ports = [
  { containerPort: 80, name: 'http', protocol: 'TCP' },
  { containerPort: 81, protocol: 'TCP' },
];
const env = [
  { name: 'X', value: '1' },
  { name: 'Y', value: '2' },
];
const containerA = { name: 'a', image: 'a:1', env, ports, args: ['1', '2'] };
const containerB = { name: 'b', image: 'b:1' };

function deployment(podSpec: JsonObject = {}): JsonObject {
  return {
    metadata: { name: 'n' },
    spec: {
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
      template: { spec: { containers: [containerA, containerB], nodeSelector: { a: '1', b: '2' }, ...podSpec } },
    },
  };
}

function patchPodSpec(patch: JsonObject): JsonObject {
  const before = deployment();
  const frozenPatch = structuredClone({ spec: { template: { spec: patch } } });
  const body = structuredClone(frozenPatch);
  const result = applyStrategicPatch(before, body, deploymentType);
  expect(before).toEqual(deployment());
  expect(body).toEqual(frozenPatch);
  return ((result.spec as JsonObject).template as JsonObject).spec as JsonObject;
}

function patchFinalizers(finalizers: Json | undefined, patch: JsonObject): Json | undefined {
  const metadata: JsonObject = finalizers === undefined ? {} : { finalizers };
  return (applyStrategicPatch({ metadata }, { metadata: patch }, deploymentType).metadata as JsonObject).finalizers;
}

describe('applyStrategicPatch, as recorded from Kubernetes', () => {
  it('merges list items by key', () => {
    const podSpec = patchPodSpec({ containers: [{ name: 'a', image: 'a:2' }] });
    expect(podSpec.containers).toEqual([{ ...containerA, image: 'a:2' }, containerB]);
  });

  it('deletes list items by key, at any depth', () => {
    expect(patchPodSpec({ containers: [{ name: 'b', $patch: 'delete' }] }).containers).toEqual([containerA]);
    const nested = patchPodSpec({ containers: [{ name: 'a', env: [{ name: 'X', $patch: 'delete' }] }] });
    expect(nested.containers).toEqual([{ ...containerA, env: [env[1]] }, containerB]);
  });

  it('deletes members that are null', () => {
    expect(patchPodSpec({ nodeSelector: { a: null } }).nodeSelector).toEqual({ b: '2' });
  });

  it('keeps only what $retainKeys names', () => {
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(applyStrategicPatch(deployment(), patch, deploymentType).spec).toMatchObject({ strategy: { type: 'Recreate' } });
    const plain = { spec: { strategy: { type: 'Recreate' } } };
    expect(applyStrategicPatch(deployment(), plain, deploymentType).spec).toMatchObject({
      strategy: { type: 'Recreate', rollingUpdate: { maxSurge: '25%' } },
    });
  });

  it('takes one merge key where a list has two', () => {
    const podSpec = patchPodSpec({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'UDP', name: 'udp' }] }] });
    expect(podSpec.containers).toEqual([
      { ...containerA, ports: [{ containerPort: 80, name: 'udp', protocol: 'UDP' }, ports[1]] },
      containerB,
    ]);
    const service = {
      spec: {
        ports: [
          { name: 'a', port: 80, protocol: 'TCP' },
          { name: 'b', port: 80, protocol: 'UDP' },
        ],
      },
    };
    expect(applyStrategicPatch(service, { spec: { ports: [{ port: 80, targetPort: 8080 }] } }, serviceType).spec).toEqual({
      ports: [
        { name: 'a', port: 80, protocol: 'TCP', targetPort: 8080 },
        { name: 'b', port: 80, protocol: 'UDP' },
      ],
    });
  });

  it('puts new items first', () => {
    const service = { spec: { ports: [{ name: 'a', port: 80 }] } };
    expect(applyStrategicPatch(service, { spec: { ports: [{ port: 81, name: 'c' }] } }, serviceType).spec).toEqual({
      ports: [
        { port: 81, name: 'c' },
        { name: 'a', port: 80 },
      ],
    });
    const account = { secrets: [{ name: 'a' }] };
    const result = applyStrategicPatch(account, { secrets: [{ name: 'b' }] }, serviceAccountType);
    expect(result.secrets).toEqual([{ name: 'b' }, { name: 'a' }]);
  });

  it('merges, deletes from and orders lists of scalars', () => {
    expect(patchFinalizers(undefined, { finalizers: ['a.b/c'] })).toEqual(['a.b/c']);
    expect(patchFinalizers(['a.b/c'], { finalizers: ['a.b/d', 'a.b/c'] })).toEqual(['a.b/d', 'a.b/c']);
    expect(patchFinalizers(['a.b/d', 'a.b/c'], { '$deleteFromPrimitiveList/finalizers': ['a.b/c'] })).toEqual(['a.b/d']);
    const ordered = { '$setElementOrder/finalizers': ['a.b/e', 'a.b/d'], finalizers: ['a.b/e'] };
    expect(patchFinalizers(['a.b/d'], ordered)).toEqual(['a.b/e', 'a.b/d']);
    expect(patchFinalizers(['a.b/d'], { finalizers: null })).toBeUndefined();
  });

  it('leaves items that $setElementOrder does not name in place', () => {
    expect(patchPodSpec({ '$setElementOrder/containers': [{ name: 'b' }] }).containers).toEqual([containerA, containerB]);
    const swapped = patchPodSpec({ '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] });
    expect(swapped.containers).toEqual([containerB, containerA]);
  });

  it('empties the object on $patch: delete at the root', () => {
    expect(applyStrategicPatch(deployment(), { $patch: 'delete' }, deploymentType)).toEqual({});
  });
});

describe('applyStrategicPatch', () => {
  it('replaces objects and lists on $patch: replace', () => {
    expect(patchPodSpec({ nodeSelector: { $patch: 'replace', c: '3' } }).nodeSelector).toEqual({ c: '3' });
    const podSpec = patchPodSpec({ containers: [{ name: 'only', image: 'x' }, { $patch: 'replace' }] });
    expect(podSpec.containers).toEqual([{ name: 'only', image: 'x' }]);
  });

  it('replaces lists without merge strategy', () => {
    const podSpec = patchPodSpec({ containers: [{ name: 'a', args: ['3'] }] });
    expect(podSpec.containers).toEqual([{ ...containerA, args: ['3'] }, containerB]);
  });

  it('takes directives and nulls out of what is new', () => {
    const patch = {
      initContainers: [
        { name: 'i', image: null },
        { name: 'gone', $patch: 'delete' },
      ],
      affinity: { $patch: 'delete' },
    };
    const podSpec = patchPodSpec(patch);
    expect(podSpec.initContainers).toEqual([{ name: 'i' }]);
    expect(podSpec).not.toHaveProperty('affinity');
  });

  it('orders items the server alone has between those of the patch', () => {
    const secrets = ['s1', 'p1', 's2', 'p2'].map((name) => ({ name }));
    const patch = { secrets: ['p2', 'p1', 'new'].map((name) => ({ name })) };
    const result = applyStrategicPatch({ secrets }, patch, serviceAccountType).secrets;
    expect(result).toEqual(['s1', 's2', 'p2', 'p1', 'new'].map((name) => ({ name })));
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'an unknown directive',
      { nodeSelector: { $patch: 'merge', c: '3' } },
      'unknown patch type: merge in map: map[$patch:merge c:3]',
      'other',
    ],
    ['an order of the wrong shape', { '$setElementOrder/containers': ['b'] }, 'value for key 0 is not a map', 'other'],
    ['an order that is no list', { '$setElementOrder/containers': 'b' }, 'expected a []interface {}, but received a string', 'other'],
    ['no merge key', { containers: [{ image: 'x' }] }, 'map: map[image:x] does not contain declared merge key: name', 'other'],
    [
      'merging as an item directive',
      { containers: [{ name: 'a', $patch: 'merge' }] },
      'merging lists cannot yet be specified in the patch',
      'other',
    ],
    [
      'a patch against its own order',
      { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'b' }, { name: 'a' }] },
      "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
      'other',
    ],
    ['items of different types', { containers: [{ name: 'a' }, 'b'] }, 'list element types are not identical', 'other'],
    ['$retainKeys that is no list', { nodeSelector: { $retainKeys: 'a' } }, 'invalid patch format of retainKeys', 'format'],
    ['members $retainKeys does not name', { nodeSelector: { $retainKeys: ['a'], c: '1' } }, 'invalid patch format of retainKeys', 'format'],
    ['an order without a field', { $setElementOrder: [] }, 'invalid patch format of setElementOrder list', 'format'],
    ['a deletion without a field', { $deleteFromPrimitiveList: [] }, 'invalid patch format of primitive list', 'format'],
  ])('refuses %s', (_, patch, message, fault) => {
    const apply = () => patchPodSpec(patch);
    expect(apply).toThrow(StrategicPatchError);
    expect(apply).toThrow(expect.objectContaining({ message: expect.stringContaining(message), fault }));
  });

  it('treats __proto__ as data', () => {
    const patch = JSON.parse('{"metadata": {"labels": {"__proto__": "x", "constructor": "y"}}}') as JsonObject;
    const result = applyStrategicPatch({ metadata: { labels: { a: 'b' } } }, patch, deploymentType);
    expect(JSON.stringify(result)).toBe('{"metadata":{"labels":{"a":"b","__proto__":"x","constructor":"y"}}}');
  });
});
