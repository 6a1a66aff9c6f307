import type { Json, KubeObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';
import { JsonPath } from '../printing/json-path.js';

type Version = apiextensions.v1.CustomResourceDefinitionVersion;

/** Reads the values of selectable fields, by path. */
export type FieldReaders = (object: KubeObject) => Record<string, string>;

/** How each selectable field of a version is read: `spec.color`, named without the dot its path begins with. */
export function selectableFields({
  selectableFields: fields,
}: Pick<Version, 'selectableFields'>): Record<string, (object: KubeObject) => string> {
  return Object.fromEntries((fields ?? []).map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), fieldText(new JsonPath(jsonPath))]));
}

function fieldText(path: JsonPath): (object: KubeObject) => string {
  return (object) => {
    const value = path.first(object as unknown as Json);
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? formatJson(value) : String(value);
  };
}

/** Fields that any version selects by. */
export function fieldReaders(versions: readonly Version[]): FieldReaders {
  const all = Object.entries(Object.assign({}, ...versions.map(selectableFields)) as Record<string, (object: KubeObject) => string>);
  return (object) => Object.fromEntries(all.map(([name, read]) => [name, read(object)]));
}
