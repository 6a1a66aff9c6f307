import type { Rule } from '../../rule.js';
import { unsupported } from '../format-messages.js';
import { ruleOfField, toldSchema } from './rule-of-schema.js';

const schema = { type: 'object', properties: { a: { type: 'string' }, m: { type: 'object', additionalProperties: { type: 'string' } } } };

/** A rule about the only rule of `spec`. */
function ruleOfRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const ruled = (some: object) => ({ ...schema, 'x-kubernetes-validations': [{ rule: 'has(self.a)', ...some }] });
  return ruleOfField(rule, ruled(accepted), ruled(refused), ...problems.map((problem) => `.x-kubernetes-validations[0].${problem}`));
}

const advice = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';
const spec = 'spec.versions[0].schema.openAPIV3Schema.properties.spec';
const costlyAt = `${toldSchema}.properties[spec].x-kubernetes-validations[0].rule`;
const unbounded = { type: 'array', items: { type: 'string' } };
const costly = { rule: 'self.all(x, self.all(y, x == y))' };

export const expressionRules: readonly Rule[] = [
  ruleOfRule('a rule says something', {}, { rule: ' ' }, 'rule: Required value: rule is not specified'),
  ruleOfRule('a message says something', { message: 'a' }, { message: ' ' }, 'message: Invalid value: " ": must be non-empty if specified'),
  ruleOfRule(
    'a message is one line',
    { message: 'a b' },
    { message: 'a\nb' },
    'message: Invalid value: "a\\nb": must not contain line breaks',
  ),
  ruleOfRule(
    'a rule of lines has a message',
    { rule: 'true ||\nfalse', message: 'a' },
    { rule: 'true ||\nfalse' },
    'message: Required value: message must be specified if rule contains line breaks',
  ),
  ruleOfRule(
    'an expression for the message says something',
    { messageExpression: "'a'" },
    { messageExpression: ' ' },
    'messageExpression: Required value: messageExpression must be non-empty if specified',
  ),
  ruleOfRule(
    'a rule has a known reason',
    { reason: 'FieldValueDuplicate' },
    { reason: 'FieldValueOdd' },
    `reason: ${unsupported('FieldValueOdd', 'FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired')}`,
  ),
  ruleOfRule(
    'a rule is about a field',
    { fieldPath: ".m['a.b']" },
    { fieldPath: '.b' },
    'fieldPath: Invalid value: ".b": must be a valid path',
  ),
  ruleOfRule(
    'the field of a rule is named from the value',
    { fieldPath: '.a' },
    { fieldPath: 'a' },
    'fieldPath: Invalid value: "a": must be a valid path',
  ),
  ruleOfRule(
    'the field of a rule is not blank',
    { fieldPath: '.a' },
    { fieldPath: ' ' },
    'fieldPath: Invalid value: " ": must be non-empty if specified',
    'fieldPath: Invalid value: " ": must be a valid path',
  ),
  {
    rule: 'a rule is not too costly',
    accepted: { [spec]: { ...unbounded, maxItems: 10, items: { type: 'string', maxLength: 10 }, 'x-kubernetes-validations': [costly] } },
    refused: { [spec]: { ...unbounded, 'x-kubernetes-validations': [costly] } },
    errors: [
      `${costlyAt}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${advice}`,
      `${costlyAt}: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${toldSchema}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
    ],
  },
];
