import { type FieldError, type FieldPath, invalidField, labelValue, notSupported, qualifiedName } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from './names.js';

type Toleration = core.v1.Toleration;

const operators = ['Equal', 'Exists'];
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** No operator means Equal. */
function validateOperator({ key = '', operator = '', value = '' }: Toleration, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (key === '' && operator !== 'Exists') {
    errors.push(invalidField(at, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
  }
  if (operator === '' || operator === 'Equal') {
    const details = labelValue(value);
    if (details.length > 0) errors.push(invalidField(at, value, details.join(';')));
  } else if (!operators.includes(operator)) errors.push(notSupported(at, operator, operators));
  return errors;
}

function validateToleration(toleration: Toleration, at: FieldPath): FieldError[] {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  const errors = key === '' ? [] : validateForm(key, at.child('key'), qualifiedName);
  errors.push(...validateOperator(toleration, at.child('operator')));
  if (operator === 'Exists' && value !== '') {
    errors.push(invalidField(at.child('operator'), shownToleration(toleration), "value must be empty when `operator` is 'Exists'"));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalidField(at.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (effect !== '' && !effects.includes(effect)) errors.push(notSupported(at.child('effect'), effect, effects));
  return errors;
}

/** Which taints of nodes pods put up with. */
export function validateTolerations(tolerations: readonly Toleration[] | undefined, at: FieldPath): FieldError[] {
  return (tolerations ?? []).flatMap((toleration, i) => validateToleration(toleration, at.index(i)));
}

/** Messages show a toleration by the names that its fields have inside Kubernetes. */
export function shownToleration({ key = '', operator = '', value = '', effect = '', tolerationSeconds }: Toleration): object {
  return { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds ?? null };
}
