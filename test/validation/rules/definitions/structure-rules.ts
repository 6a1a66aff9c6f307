import type { Rule } from '../../rule.js';
import { ruleOfField, ruleOfSchema, toldSchema } from './rule-of-schema.js';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });

/** What a part of a schema must not say that only narrows the values of the whole. */
function narrowingRule(field: string, value: unknown, detail: string): Rule {
  const narrowed = (part: object) => ({ ...object({ a: text }), anyOf: [part] });
  return ruleOfField(
    `an alternative has no ${field}`,
    narrowed({ required: ['a'] }),
    narrowed({ [field]: value }),
    `.anyOf[0].${field}: Forbidden: must be ${detail} to be structural`,
  );
}

/** The same of each way to narrow. */
function placeRule(way: string, at: string, of: (part: object) => unknown): Rule {
  const narrowed = (part: object) => ({ ...object({ a: text }), [way]: of({ properties: { a: part } }) });
  return ruleOfField(
    `what is in ${way} only narrows`,
    narrowed({ minLength: 1 }),
    narrowed(text),
    `.${at}.properties[a].type: Forbidden: must be empty to be structural`,
  );
}

const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true };
const intOrString = { 'x-kubernetes-int-or-string': true };

export const structureRules: readonly Rule[] = [
  ruleOfSchema('objects have a type', { type: 'object' }, {}, '.type: Required value: must not be empty at the root'),
  ruleOfSchema('objects are objects', { type: 'object' }, text, '.type: Invalid value: "string": must be object at the root'),
  ruleOfSchema(
    'objects are no maps',
    object({}),
    { type: 'object', additionalProperties: text },
    '.additionalProperties: Forbidden: must not be used at the root',
  ),
  ruleOfField(
    'fields have types',
    { 'x-kubernetes-preserve-unknown-fields': true },
    {},
    '.type: Required value: must not be empty for specified object fields',
  ),
  ruleOfField(
    'items have types',
    { type: 'array', items: intOrString },
    { type: 'array', items: {} },
    '.items.type: Required value: must not be empty for specified array items',
  ),
  ruleOfField('lists have items', { type: 'array', items: text }, { type: 'array' }, '.items: Required value: must be specified'),
  placeRule('allOf', 'allOf[0]', (part) => [part]),
  placeRule('anyOf', 'anyOf[0]', (part) => [part]),
  placeRule('oneOf', 'oneOf[0]', (part) => [part]),
  placeRule('not', 'not', (part) => part),
  narrowingRule('additionalProperties', text, 'undefined'),
  narrowingRule('default', {}, 'undefined'),
  narrowingRule('title', 'a', 'empty'),
  narrowingRule('description', 'a', 'empty'),
  narrowingRule('nullable', true, 'false'),
  narrowingRule('x-kubernetes-preserve-unknown-fields', true, 'false'),
  narrowingRule('x-kubernetes-embedded-resource', true, 'false'),
  narrowingRule('x-kubernetes-int-or-string', true, 'false'),
  ruleOfField(
    'numbers or text are told by alternatives',
    { ...intOrString, anyOf: [{ type: 'integer' }, text] },
    { ...intOrString, anyOf: [{ type: 'integer' }] },
    '.anyOf[0].type: Forbidden: must be empty to be structural',
  ),
  ruleOfField(
    'numbers or text keep nothing unknown',
    intOrString,
    { ...intOrString, 'x-kubernetes-preserve-unknown-fields': true },
    '.x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
  ),
  ruleOfField(
    'alternatives do not tell of metadata',
    object({ metadata: { type: 'object' } }),
    { ...object({ metadata: { type: 'object' } }), anyOf: [{ properties: { metadata: {} } }] },
    '.anyOf[0].properties[metadata]: Forbidden: must not be specified in a nested context',
  ),
  ruleOfSchema(
    'of metadata only names are narrowed',
    object({ metadata: { type: 'object', properties: { name: { ...text, maxLength: 9 } } } }),
    object({ metadata: { type: 'object', properties: { labels: { type: 'object' } } } }),
    '.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
  ),
  ruleOfSchema(
    'metadata is an object',
    object({ metadata: { type: 'object' } }),
    object({ metadata: text }),
    '.properties[metadata].type: Invalid value: "string": must be object',
  ),
  ruleOfSchema(
    'what is narrowed has its place',
    { ...object({ a: text }), not: { properties: { a: { minLength: 1 } } } },
    { ...object({ a: text }), not: { properties: { b: { minLength: 1 } } } },
    `.properties[b]: Required value: because it is defined in ${toldSchema}.not.properties[b]`,
  ),
  ruleOfField(
    'embedded objects are objects',
    embedded,
    { ...embedded, type: 'string' },
    '.type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
  ),
  ruleOfField(
    'embedded objects have something',
    embedded,
    { ...embedded, 'x-kubernetes-preserve-unknown-fields': undefined },
    '.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
  ),
  ruleOfField(
    'a pattern is one',
    { ...text, pattern: '^a+$' },
    { ...text, pattern: '(' },
    '.pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
  ),
];
