import { problemsOf } from '../../testing/problems-of.js';
import { customResourceDefinitions } from '../custom-resource-definitions.js';

export type Parts = Readonly<Record<string, unknown>>;

/** Where problems of the schema are told. */
export const root = 'spec.validation.openAPIV3Schema';
export const spec = `${root}.properties[spec]`;

/** A definition of one version, whose objects have this schema at `spec`. */
export function widgets(schemaOfSpec: Parts, version: Parts = {}, more: Parts = {}, annotations: Parts = {}): object {
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

export const withRoot = (openAPIV3Schema: Parts, version: Parts = {}) => widgets({}, { schema: { openAPIV3Schema }, ...version });
export const problems = (json: object, old?: object) => problemsOf(customResourceDefinitions, json, old);
export const list = (more: Parts) => ({ type: 'array', ...more });
export const listType = 'x-kubernetes-list-type';
export const mapKeys = 'x-kubernetes-list-map-keys';
export const keys = (schema: Parts) => ({ type: 'object', required: ['k'], properties: { k: schema } });
