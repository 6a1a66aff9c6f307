import { duplicate, type FieldError, type FieldPath, invalidField, qualifiedName } from '@keelson/machinery';
import { type resource, shownAsSent } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateList } from './device-validation.js';

type Holder = Pick<resource.v1beta2.Device, 'bindingConditions' | 'bindingFailureConditions'>;
type Field = keyof Holder;

const maxConditions = 4;

function validateNames(conditions: readonly string[], at: FieldPath): FieldError[] {
  return validateList(conditions, at, maxConditions, (name, here) => validateForm(name, here, qualifiedName));
}

function findRepeated(conditions: readonly string[], i: number, at: FieldPath): FieldError[] {
  const name = conditions[i] as string;
  return conditions.indexOf(name) < i ? [duplicate(at.index(i), name)] : [];
}

/** What must be so before a pod is bound to a node with the device, and what must not be (KEP-5007): neither without the other. */
export function validateBindingConditions(holder: Holder, at: FieldPath): FieldError[] {
  const { bindingConditions: wanted = [], bindingFailureConditions: failures = [] } = holder;
  const [wantedPath, failuresPath] = [at.child('bindingConditions'), at.child('bindingFailureConditions')];
  const overlap = 'bindingFailureConditions must not overlap with bindingConditions';
  const missing = (field: Field, other: Field) => [
    invalidField(at.child(field), shownAsSent(holder, field), `${field} are required to use ${other}`),
  ];
  return [
    ...validateNames(wanted, wantedPath),
    ...validateNames(failures, failuresPath),
    ...wanted.flatMap((_, i) => findRepeated(wanted, i, wantedPath)),
    ...failures.flatMap((name, i) => [
      ...findRepeated(failures, i, failuresPath),
      ...(wanted.includes(name) ? [invalidField(failuresPath.index(i), name, overlap)] : []),
    ]),
    ...(wanted.length === 0 && failures.length > 0 ? missing('bindingConditions', 'bindingFailureConditions') : []),
    ...(failures.length === 0 && wanted.length > 0 ? missing('bindingFailureConditions', 'bindingConditions') : []),
  ];
}
