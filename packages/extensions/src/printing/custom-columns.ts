import type { Json, JsonObject, KubeObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import { type apiextensions, sortedJson } from '@keelson/schema';
import { Age, type Cell, type Column, nameColumn } from '@keelson/server';
import { JsonPath } from './json-path.js';

type ColumnDefinition = apiextensions.v1.CustomResourceColumnDefinition;

const byAge: ColumnDefinition = {
  name: 'Age',
  type: 'date',
  description: 'When the object was created.',
  jsonPath: '.metadata.creationTimestamp',
};

/** What columns can show of an object besides what it says itself. */
interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The table columns that a version defines, up to the first whose path nobody can follow; its age where it defines none. */
export function customColumns(definitions: readonly ColumnDefinition[] | undefined, typeMeta: TypeMeta): Column[] {
  const shown = definitions === undefined || definitions.length === 0 ? [byAge] : definitions;
  const columns = [nameColumn()];
  for (const definition of shown) {
    const path = readPath(definition.jsonPath);
    if (path === undefined) break;
    columns.push(customColumn(definition, path, { ...typeMeta }));
  }
  return columns;
}

function customColumn(definition: ColumnDefinition, path: JsonPath, typeMeta: JsonObject): Column {
  const { name, type, format = '', description, priority = 0, jsonPath } = definition;
  return {
    name,
    type: type as Column['type'],
    format,
    priority,
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    cell(object: KubeObject) {
      const found = path.first(object as unknown as Json);
      const value = found === undefined ? path.first(typeMeta) : found;
      if (value === undefined) return null;
      return type === 'string' ? text(value) : typed(type, value);
    },
  };
}

function readPath(jsonPath: string): JsonPath | undefined {
  try {
    return new JsonPath(jsonPath);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function text(value: Json): string {
  if (value === null) return '<no value>';
  return typeof value === 'object' ? formatJson(sortedJson(value)) : String(value);
}

function typed(type: string, value: Json): Cell {
  switch (type) {
    case 'integer':
      return isBigInt(value) ? value : typeof value === 'number' ? wholePart(value) : null;
    case 'number':
      return typeof value === 'number' || isBigInt(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? ageOf(value) : null;
    default:
      return null;
  }
}

/** Integers beyond 2^53, whose type says number. */
function isBigInt(value: unknown): boolean {
  return typeof value === 'bigint';
}

/** What has no room in 64 bits becomes the smallest number that has. */
function wholePart(value: number): Cell {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : -(2 ** 63);
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function ageOf(timestamp: string): Cell {
  if (timestamp === '' || timestamp === 'null') return '<unknown>';
  const time = RFC3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(time) ? '<invalid>' : new Age(time);
}
