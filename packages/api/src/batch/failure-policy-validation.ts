import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  omittedValue,
  qualifiedName,
  quote,
  required,
  tooMany,
} from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { validateForm } from '../validation/names.js';

type JobSpec = batch.v1.JobSpec;
type Rule = batch.v1.PodFailurePolicyRule;
type ExitCodes = batch.v1.PodFailurePolicyOnExitCodesRequirement;
type PodCondition = batch.v1.PodFailurePolicyOnPodConditionsPattern;

const maxRules = 20;
const maxConditions = 20;
const maxExitCodes = 255;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const conditionStatuses = ['False', 'True', 'Unknown'];

/** One of a few words; where it is missing, the message shows them as a list. */
function validateWord(word: string, at: FieldPath, supported: readonly string[]): FieldError[] {
  if (word === '') return [required(at, `valid values: [${supported.map(quote).join(' ')}]`)];
  return supported.includes(word) ? [] : [notSupported(at, word, supported)];
}

function validateAction({ action }: Rule, { backoffLimitPerIndex }: JobSpec, at: FieldPath): FieldError[] {
  if (action !== 'FailIndex' || backoffLimitPerIndex !== undefined) return validateWord(action, at, actions);
  return [invalidField(at, action, 'requires the backoffLimitPerIndex to be set')];
}

function validateExitCodes(
  { containerName, operator, values: codes }: ExitCodes,
  containers: ReadonlySet<string>,
  at: FieldPath,
): FieldError[] {
  const valuesPath = at.child('values');
  const values = codes ?? [];
  const errors = validateWord(operator, at.child('operator'), operators);
  if (containerName !== undefined && !containers.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalidField(at.child('containerName'), containerName, detail));
  }
  if (values.length === 0) errors.push(invalidField(valuesPath, codes, 'at least one value is required'));
  else if (values.length > maxExitCodes) errors.push(tooMany(valuesPath, values.length, maxExitCodes));
  values.forEach((value, i) => {
    if (operator === 'In' && value === 0) errors.push(invalidField(valuesPath.index(i), value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < i) errors.push(duplicate(valuesPath.index(i), value));
  });
  if (values.some((value, i) => i > 0 && value < (values[i - 1] ?? value)))
    errors.push(invalidField(valuesPath, values, 'must be ordered'));
  return errors;
}

function validateConditions(conditions: readonly PodCondition[], at: FieldPath): FieldError[] {
  const errors = conditions.length > maxConditions ? [tooMany(at, conditions.length, maxConditions)] : [];
  return [
    ...errors,
    ...conditions.flatMap(({ type, status }, i) => [
      ...validateForm(type, at.index(i).child('type'), qualifiedName),
      ...validateWord(status, at.index(i).child('status'), conditionStatuses),
    ]),
  ];
}

function validateRule(rule: Rule, spec: JobSpec, containers: ReadonlySet<string>, at: FieldPath): FieldError[] {
  const { onExitCodes, onPodConditions = [] } = rule;
  const errors = validateAction(rule, spec, at.child('action'));
  if (onExitCodes !== undefined) errors.push(...validateExitCodes(onExitCodes, containers, at.child('onExitCodes')));
  errors.push(...validateConditions(onPodConditions, at.child('onPodConditions')));
  const byConditions = onPodConditions.length > 0;
  if (onExitCodes !== undefined && byConditions) {
    errors.push(invalidField(at, omittedValue, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  }
  if (onExitCodes === undefined && !byConditions) {
    errors.push(invalidField(at, omittedValue, 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
  return errors;
}

/** How the failure of a pod counts (KEP-3329). */
export function validateFailurePolicy(spec: JobSpec, at: FieldPath): FieldError[] {
  if (spec.podFailurePolicy === undefined) return [];
  const rules = spec.podFailurePolicy.rules ?? [];
  const { containers, initContainers } = spec.template.spec;
  const names = new Set([...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name));
  const errors = rules.length > maxRules ? [tooMany(at.child('rules'), rules.length, maxRules)] : [];
  return [...errors, ...rules.flatMap((rule, i) => validateRule(rule, spec, names, at.child('rules').index(i)))];
}
