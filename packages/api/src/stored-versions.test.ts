import { readFileSync } from 'node:fs';
import { formatGroupVersion, type KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { Resource } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../test/recordings.js';
import { builtInGroups } from './built-in-groups.js';

const folder = recordings('samples');

interface Sample {
  readonly json: KubeObject;
}

/** Objects with every field set, by version and kind. */
const samples = new Map(
  (folder === undefined ? '' : readFileSync(`${folder}/v1.34.jsonl`, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as Sample).json)
    .map((json) => [`${json.apiVersion} ${json.kind}`, json]),
);

/** What an object loses that an older version has no place for, or gains from its conversion. */
const differences: Readonly<Record<string, readonly string[]>> = {
  'extensions/v1beta1 DaemonSet': ['metadata.annotations.deprecated.daemonset.template.generation'],
};

/** Samples set all fields of a union, of which an object has one: that one is kept. */
const unions: Readonly<Record<string, RegExp>> = {
  HorizontalPodAutoscaler: /\.(target|current)\.(type|value|averageUtilization)$/,
  Ingress: /\.service\.port\.number$/,
};

const groups = builtInGroups({ eventTtlSeconds: 3600, clusterIpRanges: ['10.0.0.0/24'], nodePortRange: { first: 1, last: 2 } });
const resources = [...new Set(groups.flatMap((group) => group.resources))].filter(({ stored }) => stored);
const nameOf = (kind: KindSchema) => `${formatGroupVersion(kind)} ${kind.kind}`;
const cases = resources.flatMap((resource) =>
  (resource.definition.versions ?? []).map(({ kind }) => [nameOf(kind), resource, kind] as const),
);

/** What is read of a sample that was stored so. */
function stored(resource: Resource, kind: KindSchema): KubeObject {
  const { apiVersion: _apiVersion, kind: _kind, ...sample } = structuredClone(samples.get(nameOf(resource.hub))) as KubeObject;
  resource.storeAs('protobuf', kind);
  return resource.form.decode(resource.form.encode(resource.hub.codec.fromJson(sample as never)));
}

function changedPaths(a: unknown, b: unknown, at = ''): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isObject(a) || !isObject(b)) return [at];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => changedPaths(a[key], b[key], at === '' ? key : `${at}.${key}`));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

describe.runIf(folder !== undefined)('what is stored in a version that is not the newest', () => {
  const known = cases.filter(([, { hub }]) => samples.has(nameOf(hub)));

  it('has samples of nearly all', () => {
    const missing = new Set(cases.filter((one) => !known.includes(one)).map(([, { hub }]) => nameOf(hub)));
    expect([...missing]).toEqual(['apiregistration.k8s.io/v1 APIService', 'apiextensions.k8s.io/v1 CustomResourceDefinition']);
  });

  it.each(known)('is the same: %s', (name, resource, kind) => {
    const isUnion = (path: string) => unions[kind.kind]?.test(path) ?? false;
    const changed = changedPaths(stored(resource, resource.hub), stored(resource, kind)).filter((path) => !isUnion(path));
    expect(changed).toEqual(differences[name] ?? []);
  });
});
