import { describe, expect, it } from 'vitest';
import { keys, list, listType, mapKeys, type Parts, problems, root, spec, widgets, withRoot } from './testing/widgets.js';

describe('a schema', () => {
  it.each<[string, Parts]>([
    ['of objects', { type: 'object', properties: { a: { type: 'string', enum: ['x'], default: 'x' } } }],
    ['of maps', { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } }],
    ['of anything', { 'x-kubernetes-preserve-unknown-fields': true }],
    ['of numbers or text', { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    ['of numbers or text, narrowed', { 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }] }],
    ['of whole objects', { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }],
    ['of sets', list({ items: { type: 'string' }, [listType]: 'set' })],
    ['of keyed lists', list({ items: keys({ type: 'string' }), [listType]: 'map', [mapKeys]: ['k'] })],
    [
      'with alternatives',
      { type: 'object', properties: { a: { type: 'string' } }, anyOf: [{ required: ['a'] }, { properties: { a: { pattern: 'x' } } }] },
    ],
  ])('%s is in order', (_, schema) => {
    expect(problems(widgets(schema))).toEqual([]);
  });

  it.each<[string, Parts, string[]]>([
    ['no type', {}, [`${spec}.type: Required value: must not be empty for specified object fields`]],
    [
      'an unknown type',
      { type: 'text' },
      [`${spec}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`],
    ],
    [
      'null as a type',
      { type: 'null' },
      [
        `${spec}.type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"`,
        `${spec}.type: Forbidden: type cannot be set to null, use nullable as an alternative`,
      ],
    ],
    ['a list of nothing', list({}), [`${spec}.items: Required value: must be specified`]],
    ['items without a type', list({ items: {} }), [`${spec}.items.type: Required value: must not be empty for specified array items`]],
    [
      'several schemas of items',
      list({ items: [{ type: 'string' }] }),
      [`${spec}.items: Forbidden: items must be a schema object and not an array`],
    ],
    [
      'a type in alternatives',
      { type: 'object', anyOf: [{ type: 'object' }] },
      [`${spec}.anyOf[0].type: Forbidden: must be empty to be structural`],
    ],
    [
      'a default in what is to be met together',
      { type: 'string', allOf: [{ default: 'a' }] },
      [`${spec}.allOf[0].default: Forbidden: must be undefined to be structural`],
    ],
    [
      'metadata in alternatives',
      { type: 'object', properties: { metadata: { type: 'object' } }, oneOf: [{ properties: { metadata: {} } }] },
      [`${spec}.oneOf[0].properties[metadata]: Forbidden: must not be specified in a nested context`],
    ],
    [
      'an embedded text',
      { type: 'string', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      [`${spec}.type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true`],
    ],
    [
      'an embedded nothing',
      { type: 'object', 'x-kubernetes-embedded-resource': true },
      [
        `${spec}.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
      ],
    ],
    [
      'numbers or text that keep what is unknown',
      { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true },
      [`${spec}.x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true`],
    ],
    [
      'a wrong pattern',
      { type: 'string', pattern: '(' },
      [
        `${spec}.pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
      ],
    ],
    [
      'a default of another type',
      { type: 'string', default: 5 },
      [`${spec}.default: Invalid value: "integer":  in body must be of type string: "integer"`],
    ],
    [
      'a default with more than is known',
      { type: 'object', default: { a: 1 } },
      [`${spec}.default: Invalid value: {"a":1}: must not have unknown fields`],
    ],
    [
      'unique items',
      list({ items: { type: 'string' }, uniqueItems: true }),
      [`${spec}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`],
    ],
    [
      'a map with named properties',
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
      [`${spec}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
    ],
    ['references', { type: 'object', $ref: '#/x' }, [`${spec}.$ref: Forbidden: $ref is not supported`]],
    [
      'definitions',
      { type: 'object', definitions: { a: { type: 'string' } } },
      [`${spec}.definitions: Forbidden: definitions is not supported`],
    ],
    [
      'unknown fields lost on purpose',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': false },
      [`${spec}.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined`],
    ],
    [
      'a text merged as a map',
      { type: 'string', 'x-kubernetes-map-type': 'atomic' },
      [`${spec}.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified`],
    ],
    [
      'a map merged in a way there is not',
      { type: 'object', 'x-kubernetes-map-type': 'x' },
      [`${spec}.x-kubernetes-map-type: Unsupported value: "x": supported values: "atomic", "granular"`],
    ],
    [
      'a text merged as a list',
      { type: 'string', [listType]: 'atomic' },
      [`${spec}.type: Invalid value: "string": must be array if ${listType} is specified`],
    ],
    [
      'a list merged in a way there is not',
      list({ items: { type: 'string' }, [listType]: 'x' }),
      [`${spec}.${listType}: Unsupported value: "x": supported values: "atomic", "set", "map"`],
    ],
    [
      'a set of objects that are merged',
      list({ items: { type: 'object' }, [listType]: 'set' }),
      [`${spec}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with ${listType}=set`],
    ],
    [
      'keys of a list that has none',
      list({ items: { type: 'object' }, [mapKeys]: ['k'] }),
      [`${spec}.${listType}: Required value: must be map if ${mapKeys} is non-empty`],
    ],
    [
      'a keyed list without keys',
      list({ items: keys({ type: 'string' }), [listType]: 'map' }),
      [`${spec}.${mapKeys}: Required value: must not be empty if ${listType} is map`],
    ],
    [
      'a keyed list of text',
      list({ items: { type: 'string' }, [listType]: 'map', [mapKeys]: ['k'] }),
      [`${spec}.items.type: Invalid value: "string": must be object if parent array's ${listType} is map`],
    ],
    [
      'a key that is no property',
      list({ items: { type: 'object' }, [listType]: 'map', [mapKeys]: ['k'] }),
      [`${spec}.${mapKeys}: Invalid value: ["k"]: entries must all be names of item properties`],
    ],
    [
      'a key that may be missing',
      list({ items: { ...keys({ type: 'string' }), required: [] }, [listType]: 'map', [mapKeys]: ['k'] }),
      [
        `${spec}.items.properties[k].default: Required value: this property is in ${mapKeys}, so it must have a default or be a required property`,
      ],
    ],
    [
      'a key that may be null',
      list({ items: keys({ type: 'string', nullable: true }), [listType]: 'map', [mapKeys]: ['k'] }),
      [`${spec}.items.properties[k].nullable: Forbidden: this property is in ${mapKeys}, so it cannot be nullable`],
    ],
    [
      'an empty rule',
      { type: 'object', 'x-kubernetes-validations': [{ rule: ' ' }] },
      [`${spec}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
    ],
    [
      'a reason there is not',
      { type: 'object', 'x-kubernetes-validations': [{ rule: 'true', reason: 'Because' }] },
      [
        `${spec}.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
      ],
    ],
    [
      'a rule of several lines without a message',
      { type: 'object', 'x-kubernetes-validations': [{ rule: 'true ||\nfalse' }] },
      [`${spec}.x-kubernetes-validations[0].message: Required value: message must be specified if rule contains line breaks`],
    ],
  ])('with %s is not', (_, schema, expected) => {
    expect(problems(widgets(schema))).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ['no object', withRoot({ type: 'string' }), [`${root}.type: Invalid value: "string": must be object at the root`]],
    ['nullable', withRoot({ type: 'object', nullable: true }), [`${root}.nullable: Forbidden: nullable cannot be true at the root`]],
    [
      'a map',
      withRoot({ type: 'object', additionalProperties: { type: 'string' } }),
      [`${root}.additionalProperties: Forbidden: must not be used at the root`],
    ],
    [
      'more of metadata than names',
      withRoot({ type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } }),
      [
        `${root}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
      ],
    ],
    [
      'parts that have no place',
      withRoot({ type: 'object', not: { properties: { a: { enum: [1] } } } }),
      [`${root}.properties[a]: Required value: because it is defined in ${root}.not.properties[a]`],
    ],
    [
      'a default of a kind',
      withRoot({ type: 'object', properties: { kind: { type: 'string', default: 'A' } } }),
      [`${root}.properties[kind].default: Forbidden: must not be set in top-level kind`],
    ],
  ])('with %s at its root is not', (_, json, expected) => {
    expect(problems(json)).toEqual(expected);
  });
});
