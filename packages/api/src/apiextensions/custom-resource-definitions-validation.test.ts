import { describe, expect, it } from 'vitest';
import { list, listType, problems, spec, widgets } from './testing/widgets.js';

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

  it.each([
    ['name', 'gadgets.example.com'],
    ['name', 'widgets'],
    ['generateName', 'widgets-'],
  ])('has the %s that its plural and group make, not %s', (field, name) => {
    const definition = { ...widgets(anything), metadata: { name: 'widgets.example.com', [field]: name } };
    const problem = `metadata.${field}: Invalid value: "${name}": must be spec.names.plural+"."+spec.group`;
    expect(problems(definition)).toEqual([problem]);
    expect(problems(definition, definition)).toEqual([]);
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
