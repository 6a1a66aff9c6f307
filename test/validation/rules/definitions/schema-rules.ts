import type { Rule } from '../../rule.js';
import { unsupported } from '../format-messages.js';
import { ruleOfField, ruleOfSchema, toldSchema } from './rule-of-schema.js';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });

/** `{ type: object, maxProperties: 3 }`, with all that it does not say. */
const shownRoot =
  '{"ID":"","Schema":"","Ref":null,"Description":"","Type":"object","Nullable":false,"Format":"","Title":"","Default":null,"Maximum":null,"ExclusiveMaximum":false,"Minimum":null,"ExclusiveMinimum":false,"MaxLength":null,"MinLength":null,"Pattern":"","MaxItems":null,"MinItems":null,"UniqueItems":false,"MultipleOf":null,"Enum":null,"MaxProperties":3,"MinProperties":null,"Required":null,"Items":null,"AllOf":null,"OneOf":null,"AnyOf":null,"Not":null,"Properties":null,"AdditionalProperties":null,"PatternProperties":null,"Dependencies":null,"AdditionalItems":null,"Definitions":null,"ExternalDocs":null,"Example":null,"XPreserveUnknownFields":null,"XEmbeddedResource":false,"XIntOrString":false,"XListMapKeys":null,"XListType":null,"XMapType":null,"XValidations":null}';

/** What OpenAPI has and schemas of custom resources have not. */
function unsupportedRule(field: string, value: unknown): Rule {
  return ruleOfField(
    `there is no ${field}`,
    object({ a: text }),
    { ...object({ a: text }), [field]: value },
    `.${field}: Forbidden: ${field} is not supported`,
  );
}

export const schemaRules: readonly Rule[] = [
  ruleOfField(
    'types are those of OpenAPI',
    { type: 'integer' },
    { type: 'text' },
    `.type: ${unsupported('text', 'array', 'boolean', 'integer', 'number', 'object', 'string')}`,
  ),
  ruleOfField(
    'null is no type',
    { ...text, nullable: true },
    { type: 'null' },
    `.type: ${unsupported('null', 'array', 'boolean', 'integer', 'number', 'object', 'string')}`,
    '.type: Forbidden: type cannot be set to null, use nullable as an alternative',
  ),
  unsupportedRule('$ref', '#/a'),
  unsupportedRule('definitions', { a: text }),
  unsupportedRule('dependencies', { a: ['b'] }),
  unsupportedRule('patternProperties', { a: text }),
  unsupportedRule('additionalItems', text),
  unsupportedRule('id', 'a'),
  ruleOfField(
    'items have one schema',
    { type: 'array', items: text },
    { type: 'array', items: [text] },
    '.items: Forbidden: items must be a schema object and not an array',
  ),
  ruleOfField(
    'items are not compared with each other',
    { type: 'array', items: text },
    { type: 'array', items: text, uniqueItems: true },
    '.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
  ),
  ruleOfField(
    'a map has no properties',
    { type: 'object', additionalProperties: text },
    { ...object({ a: text }), additionalProperties: text },
    '.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
  ),
  ruleOfField(
    'unknown fields are kept or it is not said',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': false },
    '.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined',
  ),
  ruleOfSchema(
    'objects are not null',
    object({}),
    { ...object({}), nullable: true },
    '.nullable: Forbidden: nullable cannot be true at the root',
  ),
  ruleOfSchema(
    'a kind has no default',
    object({ kind: text }),
    object({ kind: { ...text, default: 'A' } }),
    '.properties[kind].default: Forbidden: must not be set in top-level kind',
  ),
  ruleOfField(
    'a default is of the type',
    { ...text, default: 'a' },
    { ...text, default: 5 },
    '.default: Invalid value: "integer":  in body must be of type string: "integer"',
  ),
  ruleOfField(
    'a default keeps to the schema',
    { ...text, maxLength: 1, default: 'a' },
    { ...text, maxLength: 1, default: 'ab' },
    '.default: Too long: may not be more than 1 byte',
  ),
  ruleOfField(
    'a default is one of what may be',
    { ...text, enum: ['a'], default: 'a' },
    { ...text, enum: ['a'], default: 'b' },
    '.default: Unsupported value: "b": supported values: "a"',
  ),
  ruleOfField(
    'a default has no more than is known',
    { ...object({ a: text }), default: { a: 'b' } },
    { ...object({ a: text }), default: { b: 'a' } },
    '.default: Invalid value: {"b":"a"}: must not have unknown fields',
  ),
  {
    rule: 'a status of its own lets the root keep what is unknown, and have rules',
    before: { 'spec.versions[0].subresources': { status: {} } },
    accepted: {
      'spec.versions[0].schema.openAPIV3Schema': {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        'x-kubernetes-validations': [{ rule: 'true' }],
      },
    },
    refused: { 'spec.versions[0].schema.openAPIV3Schema': { type: 'object', maxProperties: 3 } },
    errors: [
      `${toldSchema}: Invalid value: ${shownRoot}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled`,
    ],
  },
  {
    rule: 'a status of its own leaves the root little to say',
    before: { 'spec.versions[0].subresources': { status: {} } },
    accepted: { 'spec.versions[0].schema.openAPIV3Schema.required': ['spec'] },
    refused: { 'spec.versions[0].schema.openAPIV3Schema': { type: 'array', items: text } },
    errors: [
      `${toldSchema}.type: Invalid value: "array": only "object" is allowed as the type at the root of the schema if the status subresource is enabled`,
      `${toldSchema}.type: Invalid value: "array": must be object at the root`,
    ],
  },
];
