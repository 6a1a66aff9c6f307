import { type FieldPath, type ObjectMeta, path, quote } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { ipWarnings } from '../../net/ip-warnings.js';
import { labelKeyWarnings, labelNameWarnings, nodeTermWarnings } from '../../warnings/node-label-warnings.js';
import { podAnnotationWarnings } from './annotation-warnings.js';
import { containerWarnings, overheadWarnings } from './container-warnings.js';
import { portWarnings } from './port-warnings.js';
import { volumeWarnings } from './volume-warnings.js';

type PodSpec = core.v1.PodSpec;

const must = 'requiredDuringSchedulingIgnoredDuringExecution';
const should = 'preferredDuringSchedulingIgnoredDuringExecution';

function nodeLabelWarnings({ nodeSelector = {}, affinity, topologySpreadConstraints = [] }: PodSpec, at: FieldPath): string[] {
  const nodes = affinity?.nodeAffinity;
  const here = at.child('affinity', 'nodeAffinity');
  return [
    ...Object.keys(nodeSelector).flatMap((key) => labelKeyWarnings(key, at.child('nodeSelector').key(key))),
    ...(nodes?.[must]?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeTermWarnings(term, here.child(must, 'nodeSelectorTerms').index(i)),
    ),
    ...(nodes?.[should] ?? []).flatMap(({ preference }, i) =>
      nodeTermWarnings(preference, here.child(should).index(i).child('preference'), { checkValues: true }),
    ),
    ...topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, i) => {
      const constraint = at.child('topologySpreadConstraints').index(i);
      return [...labelNameWarnings(topologyKey, constraint.child('topologyKey')), ...noPodWarnings(labelSelector, constraint)];
    }),
  ];
}

/** Who selects by nothing selects nothing, where an empty selector would select everything. */
function noPodWarnings(labelSelector: object | null | undefined, at: FieldPath): string[] {
  return labelSelector ? [] : [`${at.child('labelSelector')}: a null labelSelector results in matching no pod`];
}

function podAffinityWarnings({ affinity }: PodSpec, at: FieldPath): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((field) => {
    const here = at.child('affinity', field);
    return [
      ...(affinity?.[field]?.[must] ?? []).flatMap((term, i) => noPodWarnings(term.labelSelector, here.child(must).index(i))),
      ...(affinity?.[field]?.[should] ?? []).flatMap(({ podAffinityTerm }, i) =>
        noPodWarnings(podAffinityTerm.labelSelector, here.child(should).index(i).child('podAffinityTerm')),
      ),
    ];
  });
}

/** Values that are there before already. `what`: the name of the field. */
function repeatedWarnings(values: readonly string[], what: string, at: FieldPath): string[] {
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [`${at.index(i).child(what)}: duplicate ${what} ${quote(value)}`] : []));
}

function listWarnings({ hostAliases = [], imagePullSecrets = [] }: PodSpec, at: FieldPath): string[] {
  const [aliases, secrets] = [at.child('hostAliases'), at.child('imagePullSecrets')];
  const names = imagePullSecrets.map(({ name = '' }) => name);
  return [
    ...repeatedWarnings(
      hostAliases.map(({ ip = '' }) => ip),
      'ip',
      aliases,
    ),
    ...repeatedWarnings(names, 'name', secrets),
    ...names.flatMap((name, i) => (name === '' ? [`${secrets.index(i).child('name')}: invalid empty name ""`] : [])),
  ];
}

function addressWarnings({ dnsConfig, hostAliases = [] }: PodSpec, at: FieldPath): string[] {
  const servers = at.child('dnsConfig', 'nameservers');
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((ip, i) => ipWarnings(ip, servers.index(i))),
    ...hostAliases.flatMap(({ ip = '' }, i) => ipWarnings(ip, at.child('hostAliases').index(i).child('ip'))),
  ];
}

function graceWarnings({ terminationGracePeriodSeconds: seconds = 0 }: PodSpec, at: FieldPath): string[] {
  if (seconds >= 0) return [];
  return [`${at.child('terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`];
}

/** What is accepted in a pod or, at its place, in a template of pods, and should not be there. */
export function podWarnings({ metadata, spec }: { readonly metadata: ObjectMeta; readonly spec: PodSpec }, template?: FieldPath): string[] {
  const at = template?.child('spec') ?? path('spec');
  const annotations = template?.child('metadata', 'annotations') ?? path('metadata', 'annotations');
  return [
    ...nodeLabelWarnings(spec, at),
    ...podAnnotationWarnings(metadata.annotations, spec, annotations, template !== undefined),
    ...volumeWarnings(spec.volumes ?? [], at.child('volumes')),
    ...listWarnings(spec, at),
    ...overheadWarnings(spec, at),
    ...containerWarnings(spec, at),
    ...portWarnings(spec, at),
    ...graceWarnings(spec, at),
    ...podAffinityWarnings(spec, at),
    ...addressWarnings(spec, at),
  ];
}
