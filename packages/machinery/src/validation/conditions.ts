import { duplicate, type FieldError, invalidField, notSupported, required, tooLong } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { patternDetail, qualifiedName } from '../meta/name-forms.js';

/** A condition of the form that kinds share (KEP-1623). */
export interface SharedCondition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string | null;
  readonly reason: string;
  readonly message: string;
}

const statuses = ['False', 'True', 'Unknown'];
const maxReasonBytes = 1024;
const maxMessageBytes = 32 * 1024;

const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonForm = new RegExp(`^${reasonPattern}$`);
const notReason = patternDetail(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', " +
    "and must end with an alphanumeric character or '_'",
  reasonPattern,
  'my_name',
  'MY_NAME',
  'MyName',
  'ReasonA,ReasonB',
  'ReasonA:ReasonB',
);

function validateReason(reason: string, path: FieldPath): FieldError[] {
  if (reason === '') return [required(path)];
  return [
    ...(reasonForm.test(reason) ? [] : [invalidField(path, reason, notReason)]),
    ...(Buffer.byteLength(reason) > maxReasonBytes ? [tooLong(path, maxReasonBytes)] : []),
  ];
}

function validateCondition(condition: SharedCondition, path: FieldPath): FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition;
  const generationPath = path.child('observedGeneration');
  return [
    ...qualifiedName(type).map((detail) => invalidField(path.child('type'), type, detail)),
    ...(statuses.includes(status) ? [] : [notSupported(path.child('status'), status, statuses)]),
    ...(observedGeneration < 0 ? [invalidField(generationPath, observedGeneration, 'must be greater than or equal to zero')] : []),
    ...(lastTransitionTime ? [] : [required(path.child('lastTransitionTime'))]),
    ...validateReason(reason, path.child('reason')),
    ...(Buffer.byteLength(message) > maxMessageBytes ? [tooLong(path.child('message'), maxMessageBytes)] : []),
  ];
}

/** Conditions, one of each type. */
export function validateConditions(conditions: readonly SharedCondition[] | null | undefined, path: FieldPath): FieldError[] {
  const types = new Set<string>();
  return (conditions ?? []).flatMap((condition, i) => {
    const here = path.index(i);
    const again = types.size === types.add(condition.type).size;
    return [...(again ? [duplicate(here.child('type'), condition.type)] : []), ...validateCondition(condition, here)];
  });
}
