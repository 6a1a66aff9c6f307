import { difference, type FieldSet, setOfPaths } from './field-set.js';
import { fieldElement } from './path-element.js';

/** What the server alone writes, and nobody owns. */
const serverFields: FieldSet = fieldSetOf([
  'apiVersion',
  'kind',
  'metadata',
  'metadata.name',
  'metadata.namespace',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  'metadata.uid',
  'metadata.clusterName',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.resourceVersion',
]);

export function withoutServerFields(set: FieldSet): FieldSet {
  return difference(set, serverFields);
}

/** The set of dotted field paths: `['status', 'metadata.labels']`. For fields that a write resets. */
export function fieldSetOf(paths: readonly string[]): FieldSet {
  return setOfPaths(paths.map((path) => path.split('.').map(fieldElement)));
}
