import { path } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { validateBindingConditions } from './binding-conditions-validation.js';

const problems = (bindingConditions?: string[], bindingFailureConditions?: string[]) =>
  validateBindingConditions(
    { ...(bindingConditions && { bindingConditions }), ...(bindingFailureConditions && { bindingFailureConditions }) },
    path('a'),
  ).map(String);

it('takes none, or both', () => {
  expect(problems()).toEqual([]);
  expect(problems(['a.b/c', 'd', 'e', 'f'], ['g'])).toEqual([]);
});

it('takes neither without the other', () => {
  expect(problems(['a'])).toEqual([
    'a.bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions',
  ]);
  expect(problems(undefined, ['a'])).toEqual([
    'a.bindingConditions: Invalid value: null: bindingConditions are required to use bindingFailureConditions',
  ]);
});

it('takes each once, and four of a kind', () => {
  expect(problems(['a', 'a'], ['b', 'b', 'a'])).toEqual([
    'a.bindingConditions[1]: Duplicate value: "a"',
    'a.bindingFailureConditions[1]: Duplicate value: "b"',
    'a.bindingFailureConditions[2]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
  ]);
  expect(problems(['a', 'b', 'c', 'd', 'e'], ['f'])).toEqual(['a.bindingConditions: Too many: 5: must have at most 4 items']);
});
