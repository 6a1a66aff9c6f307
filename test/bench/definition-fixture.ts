const GROUPS = 50;
const FIELDS = 30;

const field = {
  type: 'object',
  description: 'A field of the spec that says something about it, as generated schemas do.',
  properties: {
    name: { type: 'string', maxLength: 63 },
    size: { type: 'integer', minimum: 0 },
    list: { type: 'array', items: { type: 'object', properties: { key: { type: 'string' }, value: { type: 'string' } } } },
  },
};

const openAPIV3Schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: Object.fromEntries(Array.from({ length: FIELDS }, (_, i) => [`field${i}`, field])) },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

export function pluralOf(index: number): string {
  return `bench${index}s`;
}

/** A definition of usual size, 10 KB, one of twenty in its group. */
export function definitionOf(index: number): object {
  const group = `g${index % GROUPS}.bench.example.com`;
  const plural = pluralOf(index);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind: `Bench${index}` },
      versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema } }],
    },
  };
}
