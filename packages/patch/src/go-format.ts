import { formatGoNumber, isInt64, type Json, quote } from '@keelson/machinery';
import { isJsonObject } from './json/own-property.js';

/** A JSON value as Kubernetes prints it inside messages: `map[a:1 b:[x y]]`, keys sorted, strings bare. */
export function formatPlain(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return formatGoNumber(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(formatPlain).join(' ')}]`;
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${formatPlain(value[key] as Json)}`).join(' ')}]`;
}

/** A JSON value with its types spelled out, as messages about ill-typed fields show it. */
export function formatTyped(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'bigint') return formatGoNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(formatTyped).join(', ')}}`;
  const entries = Object.keys(value).sort();
  return `map[string]interface {}{${entries.map((key) => `${quote(key)}:${formatTyped(value[key] as Json)}`).join(', ')}}`;
}

/** The name of a JSON value's type in messages of the reference implementation. */
export function typeName(value: Json): string {
  if (value === null) return '%!s(<nil>)';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return isInt64(value) ? 'int64' : 'float64';
  return isJsonObject(value) ? 'map[string]interface {}' : '[]interface {}';
}
