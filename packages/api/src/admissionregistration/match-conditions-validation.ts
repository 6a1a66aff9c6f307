import { BOOL } from '@keelson/cel';
import { duplicate, type FieldError, type FieldPath, qualifiedName, required, tooMany } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import type { ExpressionValidation } from './expression-validation.js';

type MatchCondition = admissionregistration.v1.MatchCondition;

const maxConditions = 64;

/** Expressions that must all be true for a webhook or policy to be asked at all (KEP-3716). */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [],
  at: FieldPath,
  expressions: ExpressionValidation,
): FieldError[] {
  const errors = conditions.length > maxConditions ? [tooMany(at, conditions.length, maxConditions)] : [];
  return errors.concat(
    conditions.flatMap(({ name, expression }, i) => {
      const here = at.index(i);
      const trimmed = expression.trim();
      const repeated = name !== '' && conditions.findIndex((other) => other.name === name) < i;
      return [
        ...(trimmed === '' ? [required(here.child('expression'))] : expressions.validate(trimmed, here.child('expression'), BOOL)),
        ...(name === '' ? [required(here.child('name'))] : validateForm(name, here.child('name'), qualifiedName)),
        ...(repeated ? [duplicate(here.child('name'), name)] : []),
      ];
    }),
  );
}
