import type { Rule } from './rule.js';
import type { Refusal } from './rule-player.js';

const reasons: Readonly<Record<string, string>> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  'Duplicate value': 'FieldValueDuplicate',
  'Not found': 'FieldValueNotFound',
  Forbidden: 'FieldValueForbidden',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Internal error': 'InternalError',
};

/** The refusal of an object that breaks a rule. */
export function refusalFor(kind: string, name: string, { errors, refusal }: Rule): Refusal {
  const named = errors.map((error) => error.replaceAll('{name}', name));
  const causes = named.map(causeOf);
  if (refusal !== undefined) return { ...refusal, message: refusal.message.replaceAll('{name}', name), causes };
  const message = `${kind} ${JSON.stringify(name)} is invalid: ${listed([...new Set(named)])}`;
  return { code: 422, reason: 'Invalid', message, causes };
}

function causeOf(error: string): Refusal['causes'][number] {
  const [, field, message, problem] = /^(.*?): (([A-Z][a-z]+(?: [a-z]+)?)(?:: .*)?)$/s.exec(error) ?? [];
  const reason = reasons[problem ?? ''];
  if (field === undefined || message === undefined || reason === undefined) throw new Error(`not an error about a field: ${error}`);
  // What is wrong with the whole object is wrong with no field.
  return { reason: / in body must be of type /.test(message) ? 'FieldValueTypeInvalid' : reason, message, ...(field && { field }) };
}

const listed = (errors: readonly string[]): string => (errors.length === 1 ? String(errors[0]) : `[${errors.join(', ')}]`);
