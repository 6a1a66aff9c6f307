import { badRequest } from '../errors/api-error.js';
import { type FieldError, invalidField } from '../field/field-error.js';
import { NO_PATH, path } from '../field/path.js';
import { labelValue, qualifiedName } from '../meta/name-forms.js';
import { type Operator, parseInt64, type Requirement } from './requirement.js';

/** Checks the key alone: a parser does so before it reads on. */
export function checkKey(key: string, field = NO_PATH): void {
  throwIfAny(keyErrors(key, field));
}

/** Makes a requirement of checked parts. Throws 400 with the texts of all faults. */
export function newRequirement(key: string, operator: Operator, values: Iterable<string>): Requirement {
  const sorted = [...new Set(values)].sort();
  throwIfAny([...keyErrors(key, 'key'), ...valueErrors(key, operator, sorted)]);
  return { key, operator, values: sorted };
}

function keyErrors(key: string, field: string): FieldError[] {
  const details = qualifiedName(key);
  return details.length > 0 ? [invalidField(field, key, details.join('; '))] : [];
}

function valueErrors(key: string, operator: Operator, values: readonly string[]): FieldError[] {
  const errors = countErrors(operator, values);
  values.forEach((value, i) => {
    const at = path('values').index(i);
    if ((operator === 'gt' || operator === 'lt') && parseInt64(value) === undefined) {
      errors.push(invalidField(at, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    }
    const details = labelValue(value);
    if (details.length > 0) errors.push(invalidField(at.key(key), value, details.join('; ')));
  });
  return errors;
}

/** How many values an operator takes, and what to say otherwise. */
const arity: Readonly<Record<Operator, readonly [min: number, max: number, detail: string]>> = {
  in: [1, Number.POSITIVE_INFINITY, "for 'in', 'notin' operators, values set can't be empty"],
  notin: [1, Number.POSITIVE_INFINITY, "for 'in', 'notin' operators, values set can't be empty"],
  '=': [1, 1, 'exact-match compatibility requires one single value'],
  '==': [1, 1, 'exact-match compatibility requires one single value'],
  '!=': [1, 1, 'exact-match compatibility requires one single value'],
  exists: [0, 0, 'values set must be empty for exists and does not exist'],
  '!': [0, 0, 'values set must be empty for exists and does not exist'],
  gt: [1, 1, "for 'Gt', 'Lt' operators, exactly one value is required"],
  lt: [1, 1, "for 'Gt', 'Lt' operators, exactly one value is required"],
};

function countErrors(operator: Operator, values: readonly string[]): FieldError[] {
  const [min, max, detail] = arity[operator];
  return values.length < min || values.length > max ? [invalidField('values', values, detail)] : [];
}

function throwIfAny(errors: readonly FieldError[]): void {
  const texts = [...new Set(errors.map(String))];
  if (texts.length > 0) throw badRequest(texts.length === 1 ? String(texts[0]) : `[${texts.join(', ')}]`);
}
