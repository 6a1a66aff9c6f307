import { describe, expect, it } from 'vitest';
import type { OpenApiVersion } from './definition-schema.js';
import { eachOpenApiDefinition } from './definitions.js';

/** Structure without texts. */
function bare(value: unknown, ofProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => ofProperties || key !== 'description' || typeof member !== 'string');
  return Object.fromEntries(members.map(([key, member]) => [key, bare(member, key === 'properties')]));
}

function definitions(messages: readonly string[], version: OpenApiVersion) {
  return bare(Object.fromEntries(eachOpenApiDefinition(messages, version))) as Record<string, Record<string, unknown>>;
}

const v2 = definitions(['core.v1.Pod', 'meta.v1.DeleteOptions'], 'v2');
const v3 = definitions(['core.v1.Pod'], 'v3');

function property(definition: string, name: string): unknown {
  const properties = v3[definition]?.properties as Record<string, unknown> | undefined;
  return properties?.[name];
}

describe('the definitions of a document', () => {
  it('reaches all that is referred to and nothing else', () => {
    expect(Object.keys(v3)).toContain('io.k8s.apimachinery.pkg.api.resource.Quantity');
    expect(Object.keys(v3)).toContain('io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1');
    expect(Object.keys(v3)).not.toContain('io.k8s.api.core.v1.PodList');
    expect(Object.keys(v3)).toEqual([...Object.keys(v3)].sort());
  });

  it('writes v2 without defaults and with plain references', () => {
    expect(v2['io.k8s.api.core.v1.ContainerPort']).toEqual({
      type: 'object',
      properties: {
        containerPort: { type: 'integer', format: 'int32' },
        hostIP: { type: 'string' },
        hostPort: { type: 'integer', format: 'int32' },
        name: { type: 'string' },
        protocol: { type: 'string', enum: ['SCTP', 'TCP', 'UDP'] },
      },
      required: ['containerPort'],
    });
    expect(v2['io.k8s.api.core.v1.Pod']).toEqual({
      type: 'object',
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
        spec: { $ref: '#/definitions/io.k8s.api.core.v1.PodSpec' },
        status: { $ref: '#/definitions/io.k8s.api.core.v1.PodStatus' },
      },
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
    });
  });

  it('writes v3 with defaults and wrapped references', () => {
    expect(property('io.k8s.api.core.v1.Pod', 'spec')).toEqual({
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }],
      default: {},
    });
    expect(property('io.k8s.api.core.v1.Container', 'ports')).toEqual({
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ContainerPort' }], default: {} },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'containerPort',
    });
    expect(property('io.k8s.api.core.v1.ContainerPort', 'protocol')).toEqual({
      type: 'string',
      enum: ['SCTP', 'TCP', 'UDP'],
      default: 'TCP',
    });
    expect(v3['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toEqual({
      oneOf: [{ type: 'integer' }, { type: 'string' }],
      format: 'int-or-string',
    });
  });

  it('names the group-versions that know DeleteOptions', () => {
    const list = v2['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']?.['x-kubernetes-group-version-kind'] as { group: string }[];
    expect(list).toHaveLength(62);
    expect(list[0]).toEqual({ group: '', kind: 'DeleteOptions', version: 'v1' });
  });
});
