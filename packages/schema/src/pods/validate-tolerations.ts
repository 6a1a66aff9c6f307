import { type FieldError, type FieldPath, invalidField, labelValue, notSupported, qualifiedName } from '@keelson/machinery';
import type { core } from '../gen/index.js';

type Toleration = core.v1.Toleration;

const operators = ['Equal', 'Exists'];
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** No operator means Equal. */
function validateOperator({ operator = '', value = '' }: Toleration, at: FieldPath): FieldError[] {
  if (operator === '' || operator === 'Equal') {
    const details = labelValue(value);
    return details.length > 0 ? [invalidField(at, value, details.join(';'))] : [];
  }
  if (operator !== 'Exists') return [notSupported(at, operator, operators)];
  return value === '' ? [] : [invalidField(at, value, "value must be empty when `operator` is 'Exists'")];
}

function validateToleration(toleration: Toleration, at: FieldPath): FieldError[] {
  const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
  const [operatorPath, effectPath] = [at.child('operator'), at.child('effect')];
  const errors = (key === '' ? [] : qualifiedName(key)).map((detail) => invalidField(at.child('key'), key, detail));
  if (key === '' && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidField(operatorPath, operator, detail));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalidField(effectPath, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  errors.push(...validateOperator(toleration, operatorPath));
  if (effect !== '' && !effects.includes(effect)) errors.push(notSupported(effectPath, effect, effects));
  return errors;
}

/** Which taints of nodes pods put up with. */
export function validateTolerations(tolerations: readonly Toleration[] | undefined, at: FieldPath): FieldError[] {
  return (tolerations ?? []).flatMap((toleration, index) => validateToleration(toleration, at.index(index)));
}
