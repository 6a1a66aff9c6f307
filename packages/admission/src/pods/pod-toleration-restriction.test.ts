import type { ApiError, Json } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, readerOf } from '../testing/attributes.js';
import { PodTolerationRestriction } from './pod-toleration-restriction.js';
import { readTolerationDefaults } from './toleration-defaults.js';

type Toleration = core.v1.Toleration;
type Namespace = core.v1.Namespace;

const forKey = (key: string): Toleration => ({ key, operator: 'Exists' });
const pressure: Toleration = { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' };

function namespace(name: string, defaults?: string, whitelist?: string): Namespace {
  const annotations = {
    ...(defaults !== undefined && { 'scheduler.alpha.kubernetes.io/defaultTolerations': defaults }),
    ...(whitelist !== undefined && { 'scheduler.alpha.kubernetes.io/tolerationsWhitelist': whitelist }),
  };
  return { metadata: { name, annotations }, spec: {}, status: {} };
}

const list = (...tolerations: Toleration[]) => JSON.stringify(tolerations);
const namespaces = [
  namespace('plain'),
  namespace('own', list(forKey('own')), list(forKey('own'), pressure)),
  namespace('none', '', ''),
  namespace('broken', '{'),
  namespace('object', '{}'),
  namespace('number', '[{"key":1}]'),
];
const kind = { apiVersion: 'podtolerationrestriction.admission.k8s.io/v1alpha1', kind: 'Configuration' };
const configuration = { ...kind, default: [forKey('cluster')], whitelist: [forKey('cluster'), forKey('a'), pressure] } as unknown as Json;

interface Given {
  readonly where?: string;
  readonly tolerations?: Toleration[];
  readonly requests?: Record<string, string>;
  readonly update?: boolean;
}

async function outcome(step: 'admit' | 'validate', { where = 'plain', tolerations, requests, update = false }: Given): Promise<unknown> {
  const plugin = new PodTolerationRestriction(readTolerationDefaults(configuration), readerOf(namespaces));
  const containers = [{ name: 'c', resources: { ...(requests && { requests }) } }];
  const object: core.v1.Pod = {
    metadata: { name: 'web', namespace: where },
    spec: { containers, ...(tolerations && { tolerations }) },
    status: {},
  };
  const error = (await failureOf(() => plugin[step](attributes(pods, update ? 'UPDATE' : 'CREATE', object)))) as ApiError | undefined;
  return error === undefined ? object.spec.tolerations : `${error.code} ${error.message}`;
}

const conflict = '500 pod tolerations (possibly merged with namespace default tolerations) conflict with its';

describe('PodTolerationRestriction', () => {
  it.each<[string, Given, unknown]>([
    ['the defaults of the cluster', {}, [forKey('cluster')]],
    ['beside what the pod says', { tolerations: [forKey('a')] }, [forKey('a'), forKey('cluster')]],
    ['those of the namespace', { where: 'own' }, [forKey('own')]],
    ['none, where the namespace says so', { where: 'none', tolerations: [forKey('x')] }, [forKey('x')]],
    ['none to pods that are there', { update: true, tolerations: [forKey('a')] }, [forKey('a')]],
    ['pressure to pods with a claim to memory', { requests: { memory: '1Gi' } }, [forKey('cluster'), pressure]],
    ['what the cluster does not let', { tolerations: [forKey('x')] }, `${conflict} cluster whitelist`],
    ['what the namespace does not let', { where: 'own', tolerations: [forKey('cluster')] }, `${conflict} namespace whitelist`],
    ['an annotation that is no JSON', { where: 'broken' }, '500 unexpected end of JSON input'],
    ['an annotation that is no list', { where: 'object' }, '500 json: cannot unmarshal object into Go value of type []v1.Toleration'],
    [
      'an annotation of something else',
      { where: 'number' },
      '500 json: cannot unmarshal number into Go struct field Toleration.key of type string',
    ],
    ['a namespace that is not there', { where: 'gone' }, '404 namespaces "gone" not found'],
  ])('admits %s', async (_, given, expected) => {
    expect(await outcome('admit', given)).toEqual(expected);
  });

  it('judges what others have made of the pod', async () => {
    expect(await outcome('validate', { where: 'own', tolerations: [forKey('x')] })).toBe(`${conflict} namespace whitelist`);
    expect(await outcome('validate', { where: 'own', tolerations: [{ ...forKey('own'), effect: 'NoExecute' }] })).toHaveLength(1);
    expect(await outcome('validate', { where: 'gone' })).toBeUndefined();
  });
});

describe('readTolerationDefaults', () => {
  it('needs nothing', () => {
    expect(readTolerationDefaults(undefined)).toEqual({ default: [], whitelist: [] });
    expect(readTolerationDefaults({ ...kind, more: 1 })).toEqual({ default: [], whitelist: [] });
  });

  it.each<[Json, string]>([
    [{ ...kind, kind: 'Other' }, 'no kind "Other" is registered for version "podtolerationrestriction.admission.k8s.io/v1alpha1"'],
    [{ ...kind, default: [1] }, 'json: cannot unmarshal number into Go value of type v1.Toleration'],
    [
      { ...kind, default: [{ key: 'a', operator: 'Exists', value: 'x' }], whitelist: [{ key: 'a', operator: 'Is' }] },
      'invalid config: [podtolerationrestriction.default[0].operator: Invalid value: "x": value must be empty when `operator` is \'Exists\' ' +
        'podtolerationrestriction.whitelist[0].operator: Unsupported value: "Is": supported values: "Equal", "Exists"]',
    ],
  ])('refuses %j', (given, message) => {
    expect(() => readTolerationDefaults(given)).toThrow(message);
  });
});
