import { type FieldError, type FieldPath, invalidField, required, tooLong, tooMany, validateNonNegative } from '@keelson/machinery';
import { type batch, internalForm } from '@keelson/schema';
import { countIndexes } from './job-indexes.js';

type JobSpec = batch.v1.JobSpec;
type Rule = batch.v1.SuccessPolicyRule;

const maxRules = 20;
const maxIndexesBytes = 64 * 1024;

function validateIndexes(indexes: string, completions: number, at: FieldPath): FieldError[] {
  const errors = Buffer.byteLength(indexes) > maxIndexesBytes ? [tooLong(at, maxIndexesBytes)] : [];
  const count = countIndexes(indexes, completions);
  return typeof count === 'number' ? errors : [...errors, invalidField(at, indexes, `error parsing succeededIndexes: ${count}`)];
}

function validateCount(count: number, { succeededIndexes }: Rule, completions: number, at: FieldPath): FieldError[] {
  const atMost = (total: number, of: string) =>
    count > total ? [invalidField(at, count, `must be less than or equal to ${total} (${of})`)] : [];
  const named = succeededIndexes === undefined ? count : countIndexes(succeededIndexes, completions);
  return [
    ...validateNonNegative(count, at),
    ...atMost(completions, 'the number of specified completions'),
    ...atMost(typeof named === 'number' ? named : 0, 'the number of indexes in the specified succeededIndexes field'),
  ];
}

function validateRule(rule: Rule, completions: number, at: FieldPath): FieldError[] {
  const { succeededIndexes, succeededCount } = rule;
  if (succeededIndexes === undefined && succeededCount === undefined) {
    return [required(at, 'at least one of succeededCount or succeededIndexes must be specified')];
  }
  return [
    ...(succeededIndexes === undefined ? [] : validateIndexes(succeededIndexes, completions, at.child('succeededIndexes'))),
    ...(succeededCount === undefined ? [] : validateCount(succeededCount, rule, completions, at.child('succeededCount'))),
  ];
}

/** When some indexes are enough for the whole job to succeed (KEP-3998). */
export function validateSuccessPolicy({ successPolicy, completionMode, completions = 0 }: JobSpec, at: FieldPath): FieldError[] {
  if (successPolicy === undefined) return [];
  if (completionMode !== 'Indexed') {
    return [invalidField(at, internalForm('batch.v1.SuccessPolicy', successPolicy), 'requires indexed completion mode')];
  }
  const rules = successPolicy.rules ?? [];
  const rulesPath = at.child('rules');
  const errors: FieldError[] = [];
  if (rules.length === 0) errors.push(required(rulesPath, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > maxRules) errors.push(tooMany(rulesPath, rules.length, maxRules));
  return [...errors, ...rules.flatMap((rule, i) => validateRule(rule, completions, rulesPath.index(i)))];
}
