import { expect, it } from 'vitest';
import { compile } from '../compile.js';
import { admissionEnvironments } from './admission.js';
import { Budget } from './budget.js';
import { PolicyVariables } from './variables.js';

const { forStored } = admissionEnvironments({ params: false, authorizer: true });
const LIMIT = 1_000_000;

function variablesOf(expressions: Readonly<Record<string, string>>): PolicyVariables {
  const variables = new PolicyVariables();
  for (const [name, expression] of Object.entries(expressions)) variables.add(name, expression, forStored);
  return variables;
}

/** What an expression gives, and what it and the variables that it needs have cost. */
function evaluate(expression: string, expressions: Readonly<Record<string, string>>): { said: unknown; cost: number } {
  const variables = variablesOf(expressions);
  const { program, errors } = compile(expression, variables.within(forStored));
  if (program === undefined) return { said: errors.split('\n')[0], cost: 0 };
  const budget = new Budget(LIMIT);
  const { value, error } = budget.evaluate(program, variables.bind({ object: { a: 1, list: [1, 2, 3] } }, budget));
  return { said: error ?? value, cost: LIMIT - budget.remaining };
}

it('are evaluated when they are first referred to, and once', () => {
  expect(evaluate('1 == 1', { a: 'object.list.map(x, x)' })).toEqual({ said: true, cost: 1 });
  const { cost } = evaluate('variables.a == 3', { a: 'object.list.size()' });
  expect(evaluate('variables.a == 3 && variables.a == 3', { a: 'object.list.size()' })).toEqual({ said: true, cost: cost + 3 });
});

it('know those before them', () => {
  expect(evaluate('variables.b', { a: 'object.a + 1', b: 'variables.a * 2' }).said).toBe(4);
  expect(evaluate('variables.a', { a: 'variables.b', b: '1' }).said).toBe(
    'composited variable "a" fails to compile: compilation failed: ERROR: <input>:1:10: undefined field \'b\'\n | variables.b\n | .........^',
  );
});

it('have the types of their expressions, and no other fields', () => {
  expect(evaluate('variables.a == "1"', { a: 'object.list.size()' }).said).toBe(
    "ERROR: <input>:1:13: found no matching overload for '_==_' applied to '(int, string)'",
  );
  expect(evaluate('variables.c', { a: '1' }).said).toBe("ERROR: <input>:1:10: undefined field 'c'");
  expect(evaluate('has(variables.a)', { a: '1' }).said).toBe(true);
});

it('fail where they are referred to, each time', () => {
  const failing = { a: 'object.nothing' };
  const problem = 'composited variable "a" fails to evaluate: no such key: nothing';
  expect(evaluate('variables.a == 1', failing).said).toBe(problem);
  expect(evaluate('variables.a == 1 || variables.a == 2', failing).said).toBe(problem);
  expect(evaluate('variables.a == 1 || true', failing).said).toBe(true);
});
