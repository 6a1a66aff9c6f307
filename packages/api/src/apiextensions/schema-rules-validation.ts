import { type FieldError, type FieldPath, forbiddenField, invalidField, notSupported, required } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema } from '@keelson/schema';
import { validateListType } from './list-type-validation.js';
import { schemaAt } from './schema-at.js';
import { isUnstructurable } from './structural-validation.js';

/** What holds for a schema because of where it is. */
interface Place {
  readonly isRoot: boolean;
  /** Below apiVersion, kind or metadata of an object. */
  readonly insideMetadata: boolean;
  /** Why there may be no default here; undefined where there may be one. */
  readonly noDefault: string | undefined;
}

/** Rules that came later than schemas which break them: these may stay as they are. */
export interface Demands {
  readonly knownTypes: boolean;
  readonly atomicSets: boolean;
  readonly presentMapKeys: boolean;
}

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metadataFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What OpenAPI has and schemas of custom resources may not use, and what they may only use in a certain way. */
export function validateSchemaRules(schema: JsonSchema, at: FieldPath, demands: Demands): FieldError[] {
  return new SchemaRules(demands).check(schema, at, { isRoot: true, insideMetadata: false, noDefault: undefined });
}

class SchemaRules {
  readonly #demands: Demands;

  constructor(demands: Demands) {
    this.#demands = demands;
  }

  check(schema: JsonSchema, at: FieldPath, place: Place): FieldError[] {
    return [
      ...this.#unsupported(schema, at, place),
      ...this.#parts(schema, at, { ...place, isRoot: false }, place.isRoot),
      ...keeping(schema, at),
      ...mapType(schema, at),
      ...validateListType(schema, at, this.#demands),
      ...rules(schema, at),
    ];
  }

  #unsupported(schema: JsonSchema, at: FieldPath, { insideMetadata, noDefault }: Place): FieldError[] {
    const { type = '' } = schema;
    const errors: FieldError[] = [];
    if (this.#demands.knownTypes && type !== '' && !TYPES.includes(type)) errors.push(notSupported(at.child('type'), type, TYPES));
    if (schema.default !== undefined && noDefault !== undefined)
      errors.push(forbiddenField(at.child('default'), `must not be set ${noDefault}`.trimEnd()));
    if (schema.id) errors.push(forbiddenField(at.child('id'), 'id is not supported'));
    for (const name of ['additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const)
      if (isSet(schema[name])) errors.push(forbiddenField(at.child(name), `${name} is not supported`));
    if (type === 'null') errors.push(forbiddenField(at.child('type'), 'type cannot be set to null, use nullable as an alternative'));
    if (Array.isArray(schema.items) && schema.items.length > 0)
      errors.push(forbiddenField(at.child('items'), 'items must be a schema object and not an array'));
    if (insideMetadata && schema['x-kubernetes-embedded-resource'])
      errors.push(forbiddenField(at.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'));
    if (schema.uniqueItems)
      errors.push(
        forbiddenField(at.child('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'),
      );
    if (schema.additionalProperties !== undefined && schema.additionalProperties !== true && isSet(schema.properties))
      errors.push(forbiddenField(at.child('additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
    return errors;
  }

  #parts(schema: JsonSchema, at: FieldPath, place: Place, isRoot: boolean): FieldError[] {
    const { not, allOf = [], oneOf = [], anyOf = [], items } = schema;
    const additional = additionalOf(schema);
    const single = itemsOf(schema);
    const several = Array.isArray(items) ? items : [];
    const inMap = place.insideMetadata ? { ...place, noDefault: 'inside additionalProperties applying to object metadata' } : place;
    return [
      ...(additional === undefined ? [] : this.check(additional, at.child('additionalProperties'), inMap)),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
        this.check(one, at.child('properties').key(name), this.#placeOf(name, schema, place, isRoot)),
      ),
      ...(not === undefined ? [] : this.check(not, at.child('not'), place)),
      ...allOf.flatMap((one, i) => this.check(one, at.child('allOf').index(i), place)),
      ...oneOf.flatMap((one, i) => this.check(one, at.child('oneOf').index(i), place)),
      ...anyOf.flatMap((one, i) => this.check(one, at.child('anyOf').index(i), place)),
      ...Object.entries(schema.definitions ?? {}).flatMap(([name, one]) => this.check(one, at.child('definitions').key(name), place)),
      ...(single === undefined ? [] : this.check(single, at.child('items'), place)),
      ...several.flatMap((one, i) => this.check(one, at.child('items').index(i), place)),
    ];
  }

  #placeOf(name: string, parent: JsonSchema, place: Place, isRoot: boolean): Place {
    if (!metadataFields.has(name) || !(isRoot || parent['x-kubernetes-embedded-resource'])) return place;
    return { ...place, insideMetadata: true, ...(isRoot && { noDefault: `in top-level ${name}` }) };
  }
}

function isSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined;
}

function keeping(schema: JsonSchema, at: FieldPath): FieldError[] {
  const name = 'x-kubernetes-preserve-unknown-fields';
  return schema[name] === false ? [invalidField(at.child(name), false, 'must be true or undefined')] : [];
}

function mapType(schema: JsonSchema, at: FieldPath): FieldError[] {
  const name = 'x-kubernetes-map-type';
  const mapped = schema[name];
  if (mapped === undefined) return [];
  const ofObject = `must be object if ${name} is specified`;
  return [
    ...(schema.type ? [] : [required(at.child('type'), ofObject)]),
    ...(schema.type && schema.type !== 'object' ? [invalidField(at.child('type'), schema.type, ofObject)] : []),
    ...(mapped === 'atomic' || mapped === 'granular' ? [] : [notSupported(at.child(name), mapped, ['atomic', 'granular'])]),
  ];
}

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** The words around the expressions of a schema. */
function rules(schema: JsonSchema, at: FieldPath): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) => {
    const here = at.child('x-kubernetes-validations').index(i);
    const { message = '', messageExpression = '', reason, fieldPath = '' } = rule;
    return [
      ...ruleErrors(rule.rule, message, here),
      ...(messageExpression !== '' && messageExpression.trim() === ''
        ? [required(here.child('messageExpression'), 'messageExpression must be non-empty if specified')]
        : []),
      ...(reason === undefined || REASONS.includes(reason) ? [] : [notSupported(here.child('reason'), reason, REASONS)]),
      ...(fieldPath !== '' && fieldPath.trim() === ''
        ? [invalidField(here.child('fieldPath'), fieldPath, 'must be non-empty if specified')]
        : []),
      ...(/[\n\r]/.test(fieldPath) ? [invalidField(here.child('fieldPath'), fieldPath, 'must not contain line breaks')] : []),
      ...(fieldPath !== '' && leadsNowhere(fieldPath, schema)
        ? [invalidField(here.child('fieldPath'), fieldPath, 'must be a valid path')]
        : []),
    ];
  });
}

function leadsNowhere(fieldPath: string, schema: JsonSchema): boolean {
  return !isUnstructurable(schema) && typeof schemaAt(fieldPath, schema, true) === 'string';
}

function ruleErrors(rule: string, message: string, here: FieldPath): FieldError[] {
  if (rule.trim() === '') return [required(here.child('rule'), 'rule is not specified')];
  if (message !== '' && message.trim() === '') return [invalidField(here.child('message'), message, 'must be non-empty if specified')];
  if (/[\n\r]/.test(message.trim())) return [invalidField(here.child('message'), message, 'must not contain line breaks')];
  if (/[\n\r]/.test(rule.trim()) && message.trim() === '')
    return [required(here.child('message'), 'message must be specified if rule contains line breaks')];
  return [];
}
