import { duplicate, type FieldError, type FieldPath, qualifiedName, required, tooMany } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateForm } from '../validation/names.js';

type MatchCondition = admissionregistration.v1.MatchCondition;

const maxConditions = 64;

/** Expressions that must all be true for a webhook or policy to be asked at all (KEP-3716). */
export function validateMatchConditions(conditions: readonly MatchCondition[] = [], at: FieldPath): FieldError[] {
  const errors = conditions.length > maxConditions ? [tooMany(at, conditions.length, maxConditions)] : [];
  return errors.concat(
    conditions.flatMap(({ name, expression }, i) => {
      const here = at.index(i);
      const repeated = name !== '' && conditions.findIndex((other) => other.name === name) < i;
      return [
        ...(expression.trim() === '' ? [required(here.child('expression'))] : []),
        ...(name === '' ? [required(here.child('name'))] : validateForm(name, here.child('name'), qualifiedName)),
        ...(repeated ? [duplicate(here.child('name'), name)] : []),
      ];
    }),
  );
}
