import type { Json } from '@keelson/machinery';
import { apiextensions } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { definitionFromHub, definitionToHub } from './custom-resource-definition-conversion.js';
import { customResourceDefinitions } from './custom-resource-definitions.js';

type Definition = apiextensions.v1.CustomResourceDefinition;

const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
const columns = [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }];
const v1 = { name: 'v1', served: true, storage: true, schema, subresources: { status: {} }, additionalPrinterColumns: columns };
const v2 = { ...v1, name: 'v2', storage: false };

function definition(spec: object): Definition {
  const named = { group: 'example.com', names: { plural: 'widgets', kind: 'Widget' }, scope: 'Namespaced' };
  return apiextensions.v1.CustomResourceDefinition.codec.fromJson({
    metadata: { name: 'widgets.example.com' },
    spec: { ...named, ...spec } as Json,
  });
}

function stored(of: Definition): Record<string, unknown> {
  return JSON.parse(customResourceDefinitions.form.encode(of).toString());
}

describe('the stored form of a definition', () => {
  it('says once what all versions say alike', () => {
    const { apiVersion, kind, spec } = stored(definition({ versions: [v1, v2] }));
    expect({ apiVersion, kind }).toEqual({ apiVersion: 'apiextensions.k8s.io/v1beta1', kind: 'CustomResourceDefinition' });
    expect(spec).toEqual({
      group: 'example.com',
      version: 'v1',
      names: { plural: 'widgets', kind: 'Widget' },
      scope: 'Namespaced',
      validation: schema,
      subresources: { status: {} },
      additionalPrinterColumns: [{ name: 'Size', type: 'integer', JSONPath: '.spec.size' }],
      versions: [
        { name: 'v1', served: true, storage: true },
        { name: 'v2', served: true, storage: false },
      ],
      preserveUnknownFields: false,
    });
  });

  it('keeps in the versions what differs', () => {
    const other = { openAPIV3Schema: { type: 'object' } };
    const { spec } = stored(definition({ versions: [v1, { ...v2, schema: other }] })) as { spec: Record<string, unknown> };
    expect(spec.validation).toBeUndefined();
    expect(spec.versions).toEqual([
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v2', served: true, storage: false, schema: other },
    ]);
    expect(spec.subresources).toEqual({ status: {} });
  });

  it.each([
    ['equal versions', { versions: [v1, v2] }],
    ['different versions', { versions: [v1, { name: 'v2', served: false, storage: false, schema, deprecated: true }] }],
    [
      'a conversion webhook',
      {
        versions: [v1],
        conversion: { strategy: 'Webhook', webhook: { clientConfig: { url: 'https://x' }, conversionReviewVersions: ['v1'] } },
      },
    ],
    ['unknown fields kept', { versions: [v1], preserveUnknownFields: true }],
    ['selectable fields', { versions: [{ ...v1, selectableFields: [{ jsonPath: '.spec.color' }] }] }],
    ['no versions', {}],
  ])('reads back as it was: %s', (_name, spec) => {
    const given = definition(spec);
    expect(customResourceDefinitions.form.decode(customResourceDefinitions.form.encode(structuredClone(given)))).toEqual(given);
  });

  it('gives each version a schema of its own', () => {
    const { spec } = definitionToHub(definitionFromHub(definition({ versions: [v1, v2] })));
    expect(spec.versions?.[0]?.schema).toEqual(spec.versions?.[1]?.schema);
    expect(spec.versions?.[0]?.schema).not.toBe(spec.versions?.[1]?.schema);
  });

  it('reads a definition of one version, as old servers wrote it', () => {
    const old = {
      kind: 'CustomResourceDefinition',
      apiVersion: 'apiextensions.k8s.io/v1beta1',
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', version: 'v1', names: { plural: 'widgets', kind: 'Widget' }, scope: 'Cluster', validation: schema },
    };
    const read = customResourceDefinitions.form.decode(Buffer.from(JSON.stringify(old))) as Definition;
    expect(read.spec.versions).toEqual([{ name: 'v1', served: true, storage: true, schema }]);
  });
});
