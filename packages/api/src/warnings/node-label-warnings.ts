import { type FieldPath, labelValue, type ObjectLabelSelector } from '@keelson/machinery';
import type { core } from '@keelson/schema';

interface Replacement {
  readonly since: string;
  readonly label: string;
}

/** Node labels that have another name now. */
const renamedLabels: ReadonlyMap<string, Replacement> = new Map([
  ['beta.kubernetes.io/arch', { since: 'v1.14', label: 'kubernetes.io/arch' }],
  ['beta.kubernetes.io/os', { since: 'v1.14', label: 'kubernetes.io/os' }],
  ['failure-domain.beta.kubernetes.io/region', { since: 'v1.17', label: 'topology.kubernetes.io/region' }],
  ['failure-domain.beta.kubernetes.io/zone', { since: 'v1.17', label: 'topology.kubernetes.io/zone' }],
  ['beta.kubernetes.io/instance-type', { since: 'v1.17', label: 'node.kubernetes.io/instance-type' }],
]);

/** What there is to say against labels of nodes. */
const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ...Array.from(renamedLabels, ([key, { since, label }]) => [key, `deprecated since ${since}; use "${label}" instead`] as const),
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** The name that a label of nodes has now; undefined for one that has kept its own. */
export function newLabelOf(key: string): string | undefined {
  return renamedLabels.get(key)?.label;
}

/** Of labels whose place alone tells which they are. */
export function labelKeyWarnings(key: string, at: FieldPath): string[] {
  const text = deprecatedLabels.get(key);
  return text === undefined ? [] : [`${at}: ${text}`];
}

/** Of labels that are the value at a place. */
export function labelNameWarnings(key: string, at: FieldPath): string[] {
  const text = deprecatedLabels.get(key);
  return text === undefined ? [] : [`${at}: ${key} is ${text}`];
}

/** Of the terms of an affinity. `checkValues`: also values that no label can have, where they are not refused. */
export function nodeTermWarnings(
  { matchExpressions = [] }: core.v1.NodeSelectorTerm,
  at: FieldPath,
  { checkValues = false } = {},
): string[] {
  return matchExpressions.flatMap(({ key, values = [] }, i) => {
    const here = at.child('matchExpressions').index(i);
    const wrong = (value: string, j: number) =>
      labelValue(value).map((detail) => `${here.child('values').index(j)}: ${value} is invalid, ${detail}`);
    return [...labelNameWarnings(key, here.child('key')), ...(checkValues ? values.flatMap(wrong) : [])];
  });
}

export function nodeLabelSelectorWarnings(selector: ObjectLabelSelector | undefined, at: FieldPath): string[] {
  const { matchExpressions = [], matchLabels = {} } = selector ?? {};
  return [
    ...matchExpressions.flatMap(({ key = '' }, i) => labelNameWarnings(key, at.child('matchExpressions').index(i).child('key'))),
    ...Object.keys(matchLabels).flatMap((key) => labelKeyWarnings(key, at.child('matchLabels').child(key))),
  ];
}
