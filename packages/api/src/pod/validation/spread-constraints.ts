import {
  duplicate,
  type FieldError,
  type FieldPath,
  hasFeature,
  invalidField,
  notSupported,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateOptionalEnumerated } from '../../validation/enumerated.js';
import { validateCompletedKeys, validateLabelKeys, validateUnmergedKeys } from './label-keys.js';

type Constraint = core.v1.TopologySpreadConstraint;

const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const policies = ['Honor', 'Ignore'];

function validatePositive(value: number, at: FieldPath): FieldError[] {
  return value > 0 ? [] : [invalidField(at, value, 'must be greater than zero')];
}

/** Of two constraints of one kind the first is said to be there twice. */
function validateKind({ topologyKey, whenUnsatisfiable }: Constraint, later: readonly Constraint[], at: FieldPath): FieldError[] {
  const again = later.some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
  return again ? [duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${whenUnsatisfiable}}`)] : [];
}

/** Only what is not scheduled at all can wait for more domains. */
function validateMinDomains({ minDomains, whenUnsatisfiable }: Constraint, at: FieldPath): FieldError[] {
  if (minDomains === undefined) return [];
  const errors = validatePositive(minDomains, at);
  if (whenUnsatisfiable === 'DoNotSchedule') return errors;
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [...errors, invalidField(at, minDomains, detail)];
}

/** Keys that a completed selector has twice are said to be of the constraint itself. */
function validateKeys({ matchLabelKeys, labelSelector }: Constraint, constraint: FieldPath): FieldError[] {
  const at = constraint.child('matchLabelKeys');
  if (!hasFeature('MatchLabelKeysInPodTopologySpreadSelectorMerge')) return validateUnmergedKeys(matchLabelKeys, labelSelector, at);
  return [...validateLabelKeys(matchLabelKeys, labelSelector, at), ...validateCompletedKeys(matchLabelKeys, labelSelector, constraint)];
}

/** How evenly pods are spread over zones, nodes and the like. */
export function validateSpreadConstraints(constraints: readonly Constraint[] | undefined, at: FieldPath): FieldError[] {
  return validateEach(constraints, at, (constraint, here, i) => {
    const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector } = constraint;
    return [
      ...validatePositive(maxSkew, here.child('maxSkew')),
      ...(topologyKey === '' ? [required(here.child('topologyKey'), 'can not be empty')] : []),
      ...(actions.includes(whenUnsatisfiable) ? [] : [notSupported(here.child('whenUnsatisfiable'), whenUnsatisfiable, actions)]),
      ...validateKind(constraint, constraints?.slice(i + 1) ?? [], here),
      ...validateMinDomains(constraint, here.child('minDomains')),
      ...validateOptionalEnumerated(constraint.nodeAffinityPolicy, here.child('nodeAffinityPolicy'), policies),
      ...validateOptionalEnumerated(constraint.nodeTaintsPolicy, here.child('nodeTaintsPolicy'), policies),
      ...validateKeys(constraint, here),
      ...validateObjectSelector(labelSelector, here.child('labelSelector')),
    ];
  });
}
