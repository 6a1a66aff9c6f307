import type { KubeObject } from '@keelson/machinery';
import type { ResourceDefinition, VersionDefinition } from './definition.js';

type Definition = Pick<ResourceDefinition<KubeObject>, 'scope' | 'selectableFields' | 'unsupportedField'>;

/** Whether objects can be selected by more than their metadata. */
export function hasOwnFields({ selectableFields = {}, unsupportedField }: Definition): boolean {
  return unsupportedField !== undefined || Object.keys(selectableFields).length > 0;
}

/** The hub's field for each that objects of a version are selected by. */
export function selectableFields(
  definition: Definition,
  { fieldNames, fieldAliases = {} }: Pick<VersionDefinition<KubeObject>, 'fieldNames' | 'fieldAliases'>,
): ReadonlyMap<string, string> {
  // Where nothing else can be selected by, the namespace is something that all objects have, be it none.
  const ofKey = definition.scope === 'Cluster' && hasOwnFields(definition) ? ['metadata.name'] : ['metadata.name', 'metadata.namespace'];
  const own = fieldNames === undefined ? Object.keys(definition.selectableFields ?? {}) : [];
  const same = [...ofKey, ...own].map((field) => [field, field] as const);
  return new Map([...same, ...Object.entries(fieldNames ?? fieldAliases)]);
}
