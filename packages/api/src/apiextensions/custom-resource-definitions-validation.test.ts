import { describe, expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { customResourceDefinitions } from './custom-resource-definitions.js';

type Parts = Readonly<Record<string, unknown>>;

const root = 'spec.validation.openAPIV3Schema';
const spec = `${root}.properties[spec]`;

/** A definition of one version, whose objects have this schema at `spec`. */
function widgets(schemaOfSpec: Parts, version: Parts = {}, more: Parts = {}, annotations: Parts = {}): object {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: schemaOfSpec } } };
  const group = (more.group as string | undefined) ?? 'example.com';
  return {
    metadata: { name: `widgets.${group}`, annotations },
    spec: {
      group,
      scope: 'Cluster',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      ...more,
    },
  };
}

const withRoot = (openAPIV3Schema: Parts, version: Parts = {}) => widgets({}, { schema: { openAPIV3Schema }, ...version });
const problems = (json: object, old?: object) => problemsOf(customResourceDefinitions, json, old);
const list = (more: Parts) => ({ type: 'array', ...more });
const listType = 'x-kubernetes-list-type';
const mapKeys = 'x-kubernetes-list-map-keys';
const keys = (schema: Parts) => ({ type: 'object', required: ['k'], properties: { k: schema } });

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

describe('a definition', () => {
  const anything = { type: 'object' };
  const versions = 'spec.versions[0]';

  it.each<[string, object, string[]]>([
    [
      'a warning of a version that stays',
      widgets(anything, { deprecationWarning: 'x' }),
      [`${versions}.deprecationWarning: Invalid value: "x": can only be set for deprecated versions`],
    ],
    [
      'an empty warning',
      widgets(anything, { deprecated: true, deprecationWarning: '' }),
      [`${versions}.deprecationWarning: Invalid value: "": must not be an empty string`],
    ],
    [
      'a warning that cannot be shown',
      widgets(anything, { deprecated: true, deprecationWarning: 'a\u0007' }),
      [
        `${versions}.deprecationWarning: Invalid value: "a\\a": must only contain printable UTF-8 characters; non-printable character found at index 1`,
      ],
    ],
    [
      'columns of nothing',
      widgets(anything, { additionalPrinterColumns: [{ name: '', type: 'x', format: 'y', jsonPath: 'spec.a' }] }),
      [
        'spec.additionalPrinterColumns[0].name: Required value',
        'spec.additionalPrinterColumns[0].type: Invalid value: "x": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].format: Invalid value: "y": must be one of byte,date,date-time,double,float,int32,int64,password',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.a": must be a simple json path starting with .',
      ],
    ],
    [
      'scales without paths',
      widgets(anything, { subresources: { scale: { specReplicasPath: '', statusReplicasPath: '.spec.a', labelSelectorPath: '.x' } } }),
      [
        'spec.subresources.scale.specReplicasPath: Required value',
        'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.a": should be a json path under .status',
        'spec.subresources.scale.labelSelectorPath: Invalid value: ".x": should be a json path under either .spec or .status',
      ],
    ],
    [
      'fields to select by that are not there',
      widgets(anything, { selectableFields: [{ jsonPath: '' }, { jsonPath: '.spec.a' }, { jsonPath: '.spec' }] }),
      [
        'spec.selectableFields[0].jsonPath: Required value',
        'spec.selectableFields[1].jsonPath: Invalid value: ".spec.a": is an invalid path: does not refer to a valid field',
        'spec.selectableFields[2].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      ],
    ],
    [
      'unknown fields kept',
      widgets(anything, {}, { preserveUnknownFields: true }),
      [
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    ],
    [
      'review versions of no webhook',
      widgets(anything, {}, { conversion: { strategy: 'None', webhook: { conversionReviewVersions: ['v1'] } } }),
      ['spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook'],
    ],
    [
      "the community's group",
      widgets(anything, {}, { group: 'x.k8s.io' }),
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
    [
      "the community's group, approved by nobody",
      widgets(anything, {}, { group: 'x.k8s.io' }, { 'api-approved.kubernetes.io': 'me' }),
      [
        'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "me": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
  ])('with %s is not in order', (_, json, expected) => {
    expect(problems(json)).toEqual(expected);
  });

  it.each([
    [
      'approved',
      widgets(anything, {}, { group: 'x.k8s.io' }, { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/1' }),
    ],
    ['unapproved, as it says', widgets(anything, {}, { group: 'x.k8s.io' }, { 'api-approved.kubernetes.io': 'unapproved, for tests' })],
    [
      'with columns and a scale',
      widgets(anything, {
        additionalPrinterColumns: [{ name: 'A', type: 'integer', format: 'int32', jsonPath: '.spec.a' }],
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.status.s' },
        },
      }),
    ],
  ])('is in order when it is %s', (_, json) => {
    expect(problems(json)).toEqual([]);
  });

  it('is told of where each version says something else', () => {
    const version = (name: string, storage: boolean, type: string) => ({
      name,
      served: true,
      storage,
      schema: { openAPIV3Schema: { type: 'object', properties: { a: { type } } } },
    });
    expect(problems(widgets({}, {}, { versions: [version('v1', true, 'string'), version('v2', false, 'x')] }))).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.properties[a].type: Unsupported value: "x": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ]);
  });

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

  it('keeps the authorities of its webhook in order once it is established with such', () => {
    const at = 'spec.conversion.webhookClientConfig.caBundle';
    const webhook = (caBundle: string, established: boolean) => ({
      ...widgets(
        anything,
        {},
        {
          conversion: {
            strategy: 'Webhook',
            webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://example.com/convert', caBundle } },
          },
        },
      ),
      status: {
        acceptedNames: { plural: 'widgets', kind: 'Widget' },
        storedVersions: ['v1'],
        conditions: established ? [{ type: 'Established', status: 'True' }] : [],
      },
    });
    const refused = [`${at}: Invalid value: "AAAA": unable to load root certificates: unable to parse bytes as PEM block`];
    expect(problems(webhook('AAAA', false))).toEqual([]);
    expect(problems(webhook('AAAA', true), webhook('', true))).toEqual(refused);
    expect(problems(webhook('AAAA', false), webhook('', false))).toEqual([]);
    expect(problems(webhook('BBBB', true), webhook('AAAA', true))).toEqual([]);
  });

  it('may stay without a structure that it never had, as long as nothing in it needs one', () => {
    const untyped = { properties: { a: { type: 'string' } } };
    const kept = { preserveUnknownFields: true };
    const old = widgets(untyped, {}, kept);
    expect(problems(widgets(untyped, { deprecated: true }, kept), old)).toEqual([]);
    const structure = `${spec}.type: Required value: must not be empty for specified object fields`;
    expect(problems(widgets(untyped), old)).toEqual([structure]);
    const extended = { properties: { a: list({ items: { type: 'string' }, [listType]: 'atomic' }) } };
    expect(problems(widgets(extended, {}, kept), old)).toEqual([structure]);
    expect(problems(widgets(untyped, {}, kept), widgets({ type: 'object', ...untyped }, {}, kept))).toEqual([structure]);
  });

  it('may go on breaking a rule that it has always broken', () => {
    const old = widgets(list({ items: { type: 'object' }, [listType]: 'set' }));
    expect(problems(old, old)).toEqual([]);
    expect(problems(old, widgets(anything))).toHaveLength(1);
  });
});
