import { type FieldError, type FieldPath, forbiddenField, invalidField, required } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '@keelson/schema';
import { patternErrors } from './pattern-errors.js';

type Level = 'root' | 'item' | 'field';

/**
 * Whether a schema is structural: it says of every value of what type it is, outside of what several schemas say together,
 * and these only narrow the values that it says.
 */
export function validateStructural(schema: JsonSchema, at: FieldPath): FieldError[] {
  const errors = [...invariants(schema, 'root', at), ...completeness(schema, schema, at, at)];
  return errors.sort((one, other) => (String(one) < String(other) ? -1 : 1));
}

/** Whether a schema says something that has no place in a structure. Where it does, that is all there is to tell of it. */
export function isUnstructurable(schema: JsonSchema): boolean {
  const { items, not, allOf = [], anyOf = [], oneOf = [] } = schema;
  const several = Array.isArray(items) && items.length > 0;
  const own = several || schema.additionalItems !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === false;
  if (own || unstructurable.some((name) => Object.keys(schema[name] ?? {}).length > 0)) return true;
  const parts = [itemsOf(schema), additionalOf(schema), not, ...allOf, ...anyOf, ...oneOf, ...properties(schema).map(([, one]) => one)];
  return parts.some((part) => part !== undefined && isUnstructurable(part));
}

const unstructurable = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'definitions'] as const;

function invariants(schema: JsonSchema, level: Level, at: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const additional = additionalOf(schema);
  return [
    ...(schema.type === 'array' && items === undefined ? [required(at.child('items'), 'must be specified')] : []),
    ...(items === undefined ? [] : invariants(items, 'item', at.child('items'))),
    ...properties(schema).flatMap(([name, one]) => invariants(one, 'field', at.child('properties').key(name))),
    ...(schema.additionalProperties !== undefined && level === 'root'
      ? [forbiddenField(at.child('additionalProperties'), 'must not be used at the root')]
      : []),
    ...(additional === undefined ? [] : invariants(additional, 'field', at.child('additionalProperties'))),
    ...extensions(schema, at),
    ...narrowing(schema, at, isIntOrString(schema), isIntOrString(schema.allOf?.[0])),
    ...ownType(schema, level, at),
    ...metadata(schema, level, at),
  ];
}

function properties(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries(schema.properties ?? {});
}

function extensions(schema: JsonSchema, at: FieldPath): FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((name) => schema[name])
    .map((name) => invalidField(at.child(name), true, 'must be false if x-kubernetes-int-or-string is true'));
}

/** The one place where alternatives may name types: a number or a text. */
function isIntOrString(schema: JsonSchema | undefined): boolean {
  const types = schema?.anyOf?.map((one) => JSON.stringify(one));
  return types?.length === 2 && types[0] === '{"type":"integer"}' && types[1] === '{"type":"string"}';
}

/** What several schemas say together of one value. */
function narrowing(schema: JsonSchema, at: FieldPath, skipsAny: boolean, skipsFirst: boolean): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  return [
    ...(skipsAny ? [] : anyOf.flatMap((one, i) => nested(one, at.child('anyOf').index(i)))),
    ...allOf.flatMap((one, i) => nested(one, at.child('allOf').index(i), skipsFirst && i === 0)),
    ...oneOf.flatMap((one, i) => nested(one, at.child('oneOf').index(i))),
    ...(not === undefined ? [] : nested(not, at.child('not'))),
    ...(pattern ? patternErrors(pattern, at.child('pattern')) : []),
  ];
}

/** What only the schema of a value itself may say. */
const structure: readonly [keyof JsonSchema, string][] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

function nested(schema: JsonSchema, at: FieldPath, skipsAny = false): FieldError[] {
  const items = itemsOf(schema);
  return [
    ...narrowing(schema, at, skipsAny, false),
    ...(items === undefined ? [] : nested(items, at.child('items'))),
    ...properties(schema).flatMap(([name, one]) => nested(one, at.child('properties').key(name))),
    ...structure
      .filter(([name]) => (name === 'default' ? schema[name] !== undefined : says(schema[name])))
      .map(([name, detail]) => forbiddenField(at.child(name), detail)),
    ...(propertyOf(schema, 'metadata') === undefined
      ? []
      : [forbiddenField(at.child('properties').key('metadata'), 'must not be specified in a nested context')]),
  ];
}

function says(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
}

const levels: Readonly<Record<Level, string>> = {
  root: 'at the root',
  item: 'for specified array items',
  field: 'for specified object fields',
};

function ownType(schema: JsonSchema, level: Level, at: FieldPath): FieldError[] {
  const { type = '' } = schema;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const errors: FieldError[] = [];
  const ofObject = 'must be object if x-kubernetes-embedded-resource is true';
  if (isEmbedded && type !== 'object')
    errors.push(type === '' ? required(at.child('type'), ofObject) : invalidField(at.child('type'), type, ofObject));
  else if (type === '' && !schema['x-kubernetes-int-or-string'] && !keeps)
    errors.push(required(at.child('type'), `must not be empty ${levels[level]}`));
  if (isEmbedded && schema.additionalProperties !== undefined)
    errors.push(forbiddenField(at.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalidField(at.child('type'), type, 'must be object at the root'));
  if (isEmbedded && !keeps && properties(schema).length === 0) {
    const detail = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(at.child('properties'), detail));
  }
  return errors;
}

/** Of what every object has, a schema may only narrow the name. */
function metadata(schema: JsonSchema, level: Level, at: FieldPath): FieldError[] {
  const isObject = level === 'root' || schema['x-kubernetes-embedded-resource'] === true;
  const here = (name: string) => at.child('properties').key(name);
  const typed = (name: string, type: string): FieldError[] => {
    const found = propertyOf(schema, name);
    if (found === undefined || !isObject || found.type === type) return [];
    return [invalidField(here(name).child('type'), found.type ?? '', `must be ${type}`)];
  };
  const found = propertyOf(schema, 'metadata');
  const tooMuch = level === 'root' && found !== undefined && !onlyNames(found);
  return [
    ...typed('kind', 'string'),
    ...typed('apiVersion', 'string'),
    ...typed('metadata', 'object'),
    ...(tooMuch
      ? [
          forbiddenField(
            here('metadata'),
            'must not specify anything other than name and generateName, but metadata is implicitly specified',
          ),
        ]
      : []),
  ];
}

function onlyNames({ type: _type, default: _default, properties: names = {}, ...rest }: JsonSchema): boolean {
  return (
    Object.values(rest).every((value) => !says(value)) && Object.keys(names).every((name) => name === 'name' || name === 'generateName')
  );
}

/** Everything that is said of a value's parts when several schemas are taken together must have its place in the structure. */
function completeness(narrower: JsonSchema, whole: JsonSchema, wholeAt: FieldPath, at: FieldPath): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = narrower;
  return [
    ...(not === undefined ? [] : partsInPlace(not, whole, wholeAt, at.child('not'))),
    ...allOf.flatMap((one, i) => partsInPlace(one, whole, wholeAt, at.child('allOf').index(i))),
    ...anyOf.flatMap((one, i) => partsInPlace(one, whole, wholeAt, at.child('anyOf').index(i))),
    ...oneOf.flatMap((one, i) => partsInPlace(one, whole, wholeAt, at.child('oneOf').index(i))),
  ];
}

function partsInPlace(part: JsonSchema, whole: JsonSchema | undefined, wholeAt: FieldPath, at: FieldPath): FieldError[] {
  if (whole === undefined) return [required(wholeAt, `because it is defined in ${at}`)];
  const items = itemsOf(part);
  return [
    ...completeness(part, whole, wholeAt, at),
    ...(items === undefined ? [] : partsInPlace(items, itemsOf(whole), wholeAt.child('items'), at.child('items'))),
    ...properties(part).flatMap(([name, one]) =>
      partsInPlace(one, propertyOf(whole, name), wholeAt.child('properties').key(name), at.child('properties').key(name)),
    ),
  ];
}
