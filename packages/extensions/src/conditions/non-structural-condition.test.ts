import { describe, expect, it } from 'vitest';
import type { Definition } from './definition-condition.js';
import { nonStructuralCondition } from './non-structural-condition.js';

function definition(openAPIV3Schema: object, more: object = {}): Definition {
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }];
  return {
    metadata: { name: 'a.b.c' },
    spec: { group: 'b.c', scope: 'Cluster', names: { plural: 'a', kind: 'A' }, versions, ...more },
  } as unknown as Definition;
}

describe('nonStructuralCondition', () => {
  it('says nothing of structural schemas', () => {
    expect(nonStructuralCondition(definition({ type: 'object' }))).toBeUndefined();
  });

  it('says what keeps schemas of before v1 from being structural', () => {
    const spec = { properties: { size: {} } };
    expect(nonStructuralCondition(definition({ type: 'object', properties: { spec } }, { preserveUnknownFields: true }))).toEqual({
      type: 'NonStructuralSchema',
      status: 'True',
      reason: 'Violations',
      message:
        '[spec.preserveUnknownFields: Invalid value: true: must be false, ' +
        'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[size].type: Required value: must not be empty for specified object fields, ' +
        'spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields]',
    });
  });
});
