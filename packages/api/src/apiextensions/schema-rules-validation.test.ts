import { describe, expect, it } from 'vitest';
import { list, type Parts, problems, spec, widgets } from './testing/widgets.js';

describe('the rules of a schema', () => {
  it('has defaults that keep its rules, whatever was there before', () => {
    const rule = (rule: string, more: Parts = {}) => ({ 'x-kubernetes-validations': [{ rule, message: 'broken', ...more }] });
    const port = { type: 'integer', ...rule('self < 100') };
    expect(problems(widgets({ type: 'object', default: { port: 200 }, properties: { port } }))).toEqual([
      `${spec}.default.port: Invalid value: "integer": broken`,
    ]);
    expect(problems(widgets({ type: 'integer', default: 200, ...rule('self < 100') }))).toEqual([
      `${spec}.default: Invalid value: "integer": broken`,
    ]);
    const comesAnew = rule('oldSelf.hasValue() || self < 100', { optionalOldSelf: true });
    expect(problems(widgets({ type: 'integer', default: 200, ...comesAnew }))).toEqual([
      `${spec}.default: Invalid value: "integer": broken`,
    ]);
    expect(problems(widgets({ type: 'integer', default: 200, ...rule('self < oldSelf') }))).toEqual([
      `${spec}.default: Invalid value: "integer": broken`,
    ]);
    expect(problems(widgets({ type: 'integer', default: 20, ...rule('self < 100') }))).toEqual([]);
  });

  it('says what becomes of no value before only where rules ask for it', () => {
    const rule = { rule: 'self < 100', optionalOldSelf: true };
    expect(problems(widgets({ type: 'integer', 'x-kubernetes-validations': [rule] }))).toEqual([
      `${spec}.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ]);
  });

  it('has no rules among alternatives', () => {
    const anyOf = [{ 'x-kubernetes-validations': [{ rule: 'true' }] }];
    expect(problems(widgets({ type: 'integer', anyOf }))).toEqual([
      `${spec}.anyOf[0].x-kubernetes-validations: Forbidden: must be empty to be structural`,
    ]);
  });

  it('may have limits that no number holds', () => {
    const items = { type: 'object', maxProperties: 2n ** 63n - 1n, additionalProperties: { type: 'string', maxLength: 2n ** 62n } };
    const lists = list({ maxItems: 2n ** 63n - 1n, items, 'x-kubernetes-validations': [{ rule: 'self.all(x, x.all(k, x[k] != k))' }] });
    const detail = (what: string) =>
      `Forbidden: ${what} exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
    expect(problems(widgets({ type: 'object', properties: { a: lists } }))).toEqual([
      `${spec}.properties[a].x-kubernetes-validations[0].rule: ${detail('estimated rule cost')}`,
      `${spec}.properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `spec.validation.openAPIV3Schema: ${detail('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema')}`,
    ]);
  });

  it('may keep a dear rule as long as its schema stays as it is', () => {
    const dear = (more: Parts = {}) =>
      widgets({
        type: 'object',
        properties: {
          a: list({
            maxItems: 2000,
            items: { type: 'string', maxLength: 2000 },
            'x-kubernetes-validations': [{ rule: 'self.all(x, self.exists(y, x == y))' }],
          }),
          ...more,
        },
      });
    const [first] = problems(dear());
    expect(first).toContain('.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of');
    expect(problems(dear(), dear()).some((problem) => problem.includes('estimated rule cost exceeds budget'))).toBe(false);
    expect(problems(dear({ b: { type: 'string' } }), dear())).toContain(first);
  });
});
