import {
  dns1123Label,
  type FieldError,
  type FieldPath,
  invalidField,
  qualifiedName,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateForm } from '../../validation/names.js';
import { validateNodeSelector, validateNodeSelectorTerm } from '../../validation/node-selector.js';
import { validateCompletedKeys, validateLabelKeys } from './label-keys.js';

type Term = core.v1.PodAffinityTerm;
type PodAffinity = core.v1.PodAffinity | core.v1.PodAntiAffinity;

const must = 'requiredDuringSchedulingIgnoredDuringExecution';
const should = 'preferredDuringSchedulingIgnoredDuringExecution';

function validateWeight(weight: number, at: FieldPath): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalidField(at, weight, 'must be in the range 1-100')];
}

function validateNodeAffinity({ [must]: needed, [should]: preferred }: core.v1.NodeAffinity, at: FieldPath): FieldError[] {
  return [
    ...(needed ? validateNodeSelector(needed, at.child(must)) : []),
    ...validateEach(preferred, at.child(should), ({ weight, preference }, here) => [
      ...validateWeight(weight, here.child('weight')),
      // Preferences that no node can fulfil do no harm.
      ...validateNodeSelectorTerm(preference, here.child('preference'), { anyValue: true }),
    ]),
  ];
}

function validateOpposedKeys({ matchLabelKeys = [], mismatchLabelKeys = [] }: Term, at: FieldPath): FieldError[] {
  return validateEach(matchLabelKeys, at.child('matchLabelKeys'), (key, here) =>
    mismatchLabelKeys.includes(key) ? [invalidField(here, key, 'exists in both matchLabelKeys and mismatchLabelKeys')] : [],
  );
}

function validateTerm(term: Term, at: FieldPath): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  const topologyPath = at.child('topologyKey');
  return [
    ...validateObjectSelector(labelSelector, at.child('labelSelector')),
    ...validateObjectSelector(namespaceSelector, at.child('namespaceSelector')),
    ...namespaces.flatMap((name) => validateForm(name, at.child('namespace'), dns1123Label)),
    ...validateLabelKeys(term.matchLabelKeys, labelSelector, at.child('matchLabelKeys')),
    ...validateLabelKeys(term.mismatchLabelKeys, labelSelector, at.child('mismatchLabelKeys')),
    ...validateCompletedKeys(term.matchLabelKeys, labelSelector, at),
    ...validateOpposedKeys(term, at),
    ...(topologyKey === '' ? [required(topologyPath, 'can not be empty')] : []),
    ...validateForm(topologyKey, topologyPath, qualifiedName),
  ];
}

function validatePodAffinity({ [must]: needed, [should]: preferred }: PodAffinity, at: FieldPath): FieldError[] {
  return [
    ...validateEach(needed, at.child(must), validateTerm),
    ...validateEach(preferred, at.child(should), ({ weight, podAffinityTerm }, here) => [
      ...validateWeight(weight, here.child('weight')),
      ...validateTerm(podAffinityTerm, here.child('podAffinityTerm')),
    ]),
  ];
}

/** Which nodes, and which other pods' company, a pod seeks or avoids. */
export function validateAffinity(affinity: core.v1.Affinity | undefined, at: FieldPath): FieldError[] {
  if (affinity === undefined) return [];
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  return [
    ...(nodeAffinity ? validateNodeAffinity(nodeAffinity, at.child('nodeAffinity')) : []),
    ...(podAffinity ? validatePodAffinity(podAffinity, at.child('podAffinity')) : []),
    ...(podAntiAffinity ? validatePodAffinity(podAntiAffinity, at.child('podAntiAffinity')) : []),
  ];
}
