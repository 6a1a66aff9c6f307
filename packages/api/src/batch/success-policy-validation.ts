import { type FieldError, type FieldPath, invalidField, omittedValue, required, tooMany } from '@keelson/machinery';
import type { batch } from '@keelson/schema';

type JobSpec = batch.v1.JobSpec;
type Rule = batch.v1.SuccessPolicyRule;

const maxRules = 20;
const indexesForm = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/;

/** How many indexes a text such as `1,3-5` names; undefined when they are not in order or there are none such. */
function countIndexes(text: string, completions: number): number | undefined {
  if (!indexesForm.test(text)) return undefined;
  let count = 0;
  let previous = -1;
  for (const range of text.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    if (first <= previous || last < first || last >= completions) return undefined;
    count += last - first + 1;
    previous = last;
  }
  return count;
}

function validateRule({ succeededIndexes, succeededCount }: Rule, completions: number, at: FieldPath): FieldError[] {
  if (succeededIndexes === undefined && succeededCount === undefined) {
    return [required(at, 'at least one of succeededCount or succeededIndexes must be specified')];
  }
  const errors: FieldError[] = [];
  let total = completions;
  if (succeededIndexes !== undefined) {
    const named = countIndexes(succeededIndexes, completions);
    if (named === undefined) {
      errors.push(
        invalidField(at.child('succeededIndexes'), succeededIndexes, `must be ordered indexes below ${completions}, such as 1,3-5`),
      );
    } else total = named;
  }
  if (succeededCount === undefined) return errors;
  const countPath = at.child('succeededCount');
  if (succeededCount < 0) errors.push(invalidField(countPath, succeededCount, 'must be greater than or equal to 0'));
  if (succeededCount > total) errors.push(invalidField(countPath, succeededCount, `must be less than or equal to ${total}`));
  return errors;
}

/** When some indexes are enough for the whole job to succeed (KEP-3998). */
export function validateSuccessPolicy({ successPolicy, completionMode, completions = 0 }: JobSpec, at: FieldPath): FieldError[] {
  if (successPolicy === undefined) return [];
  const rules = successPolicy.rules ?? [];
  const rulesPath = at.child('rules');
  const errors: FieldError[] = [];
  if (completionMode !== 'Indexed') errors.push(invalidField(at, omittedValue, 'requires indexed completion mode'));
  if (rules.length === 0) errors.push(required(rulesPath, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > maxRules) errors.push(tooMany(rulesPath, rules.length, maxRules));
  return [...errors, ...rules.flatMap((rule, i) => validateRule(rule, completions, rulesPath.index(i)))];
}
