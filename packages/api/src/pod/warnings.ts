import type { FieldPath } from '@keelson/machinery';
import { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type PodSpec = core.v1.PodSpec;
type Container = core.v1.Container;

/** Volume sources that are on their way out, or gone. */
const deprecatedVolumes: Readonly<Partial<Record<keyof core.v1.Volume, string>>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Node labels that have been renamed. */
const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
]);

function volumeWarnings({ volumes = [] }: PodSpec, at: FieldPath): string[] {
  return volumes.flatMap((volume, i) =>
    (Object.keys(deprecatedVolumes) as (keyof core.v1.Volume)[])
      .filter((source) => volume[source] !== undefined)
      .map((source) => `${at.child('volumes').index(i).child(source)}: ${deprecatedVolumes[source]}`),
  );
}

function nodeLabelWarnings({ nodeSelector = {}, affinity, topologySpreadConstraints = [] }: PodSpec, at: FieldPath): string[] {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const termsPath = at.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const named = (key: string, where: FieldPath) => (deprecatedLabels.has(key) ? [`${where}: ${key} is ${deprecatedLabels.get(key)}`] : []);
  return [
    ...Object.keys(nodeSelector).flatMap((key) =>
      deprecatedLabels.has(key) ? [`${at.child('nodeSelector').key(key)}: ${deprecatedLabels.get(key)}`] : [],
    ),
    ...(terms ?? []).flatMap(({ matchExpressions = [] }, i) =>
      matchExpressions.flatMap(({ key }, j) => named(key, termsPath.index(i).child('matchExpressions').index(j).child('key'))),
    ),
    ...topologySpreadConstraints.flatMap(({ topologyKey }, i) =>
      named(topologyKey, at.child('topologySpreadConstraints').index(i).child('topologyKey')),
    ),
  ];
}

/** A name that is given twice is taken from its last definition, until somebody applies. */
function envWarnings({ env = [] }: Container, at: FieldPath): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name }, i) => {
    if (seen.size === seen.add(name).size) {
      return [`${at.child('env').index(i)}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`];
    }
    return [];
  });
}

function portWarnings({ ports = [] }: Container, at: FieldPath): string[] {
  const seen = new Map<string, FieldPath>();
  return ports.flatMap(({ containerPort, protocol, hostPort = 0, hostIP = '' }, i) => {
    const here = at.child('ports').index(i);
    const key = [containerPort, protocol, hostPort, hostIP].join('/');
    const first = seen.get(key);
    if (first !== undefined) return [`${here}: duplicate port definition with ${first}`];
    seen.set(key, here);
    return [];
  });
}

/** Bytes come whole. */
function byteWarnings({ resources }: Container, at: FieldPath): string[] {
  return (['limits', 'requests'] as const).flatMap((list) =>
    ['memory', 'ephemeral-storage'].flatMap((name) => {
      const text = resources?.[list]?.[name];
      if (text === undefined || Quantity.parse(text).parts[1] >= 0) return [];
      return [`${at.child('resources', list).key(name)}: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`];
    }),
  );
}

function containerWarnings(spec: PodSpec, at: FieldPath): string[] {
  return (['initContainers', 'containers'] as const).flatMap((field) =>
    (spec[field] ?? []).flatMap((container, i) => {
      const here = at.child(field).index(i);
      return [...byteWarnings(container, here), ...envWarnings(container, here), ...portWarnings(container, here)];
    }),
  );
}

/** What is accepted in a pod's spec, and should not be there. `at` is the path of the spec. */
export function podSpecWarnings(spec: PodSpec, at: FieldPath): string[] {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return [
    ...nodeLabelWarnings(spec, at),
    ...volumeWarnings(spec, at),
    ...containerWarnings(spec, at),
    ...(grace < 0
      ? [`${at.child('terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
  ];
}
