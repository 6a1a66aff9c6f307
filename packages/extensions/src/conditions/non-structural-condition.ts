import { validateStructural } from '@keelson/api';
import { aggregate, invalidField, path } from '@keelson/machinery';
import type { Condition, Definition } from './definition-condition.js';

/** What keeps the schemas of a definition of before v1 from being structural; undefined where nothing does. */
export function nonStructuralCondition({ spec }: Definition): Omit<Condition, 'lastTransitionTime'> | undefined {
  const errors = spec.preserveUnknownFields ? [invalidField(path('spec', 'preserveUnknownFields'), true, 'must be false')] : [];
  for (const [i, { schema }] of (spec.versions ?? []).entries()) {
    const at = path('spec', 'versions').index(i).child('schema', 'openAPIV3Schema');
    if (schema?.openAPIV3Schema !== undefined) errors.push(...validateStructural(schema.openAPIV3Schema, at));
  }
  if (errors.length === 0) return undefined;
  return { type: 'NonStructuralSchema', status: 'True', reason: 'Violations', message: aggregate(errors.map(String)) };
}
