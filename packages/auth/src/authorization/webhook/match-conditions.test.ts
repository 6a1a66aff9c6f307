import { describe, expect, it } from 'vitest';
import { CelMatchConditions, problemOfCondition } from './match-conditions.js';

const spec = {
  user: 'alice',
  groups: ['devs'],
  resourceAttributes: {
    verb: 'list',
    resource: 'pods',
    namespace: 'ns',
    fieldSelector: { requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['n1'] }] },
  },
};

function match(...expressions: string[]) {
  const outcomes: string[] = [];
  const conditions = new CelMatchConditions(expressions, (outcome) => void outcomes.push(outcome));
  try {
    return [conditions.match(spec), ...outcomes];
  } catch (error) {
    return [(error as Error).message, ...outcomes];
  }
}

describe('conditions of a webhook', () => {
  it.each<[string[], (string | boolean)[]]>([
    [['true'], [true, 'match']],
    [
      ["request.user == 'alice'", "'devs' in request.groups"],
      [true, 'match'],
    ],
    [
      ['has(request.resourceAttributes)', "request.resourceAttributes.namespace != 'ns'"],
      [false, 'exclusion'],
    ],
    [["request.resourceAttributes.subresource == ''"], [true, 'match']],
    [["has(request.nonResourceAttributes) && request.nonResourceAttributes.path == '/x'"], [false, 'exclusion']],
    [["request.resourceAttributes.fieldSelector.requirements.exists(r, r.key == 'spec.nodeName' && r.values == ['n1'])"], [true, 'match']],
    [
      ["request.extra['a'] == ['b']", 'false'],
      [false, 'exclusion'],
    ],
    [
      ["request.extra['a'] == ['b']", 'true'],
      ["cel evaluation error: expression 'request.extra['a'] == ['b']' resulted in error: no such key: a", 'error'],
    ],
  ])('%j: %j', (expressions, expected) => {
    expect(match(...expressions)).toEqual(expected);
  });

  it.each([
    ['request.user', 'must evaluate to bool but got string'],
    ["request.user == 'a'", undefined],
    ['request.who == 1', /^compilation failed: ERROR: <input>:1:8: undefined field 'who'/],
  ])('%s: %s', (expression, problem) => {
    const found = problemOfCondition(expression);
    if (problem instanceof RegExp) expect(found).toMatch(problem);
    else expect(found).toBe(problem);
  });
});
