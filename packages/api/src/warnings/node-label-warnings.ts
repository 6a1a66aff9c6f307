import { type FieldPath, labelValue, type ObjectLabelSelector } from '@keelson/machinery';
import type { core } from '@keelson/schema';

/** Node labels that have another name now, or no meaning. */
const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

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
