import { formatGoFloat, quote } from '@keelson/machinery';
import type { ScalarValue } from './resolve-scalar.js';

/** A value as it is read from YAML, where keys are values like any other. */
export type YamlData = ScalarValue | readonly YamlData[] | YamlMap;

/** By what tells keys apart. */
export type YamlMap = ReadonlyMap<string, readonly [key: YamlData, value: YamlData]>;

const maxInt64 = 2n ** 63n - 1n;

/** A value as errors cite it: the way Go writes it in a program. */
export function goSyntax(value: YamlData): string {
  return value === null ? '<nil>' : inner(value);
}

function inner(value: YamlData): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return value > maxInt64 ? `0x${value.toString(16)}` : String(value);
  if (typeof value === 'number') return goFloat(value);
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[]interface {}{${value.map(inner).join(', ')}}`;
  const entries = [...value.values()].map(([key, member]) => `${inner(key)}:${inner(member)}`);
  return `map[interface {}]interface {}{${entries.sort().join(', ')}}`;
}

/** What it is called there. */
export function goTypeName(value: YamlData): string {
  if (value === null) return '%!s(<nil>)';
  return typeof value === 'bigint' ? 'uint64' : typeof value;
}

/** Numbers that are none have names. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return formatGoFloat(value);
}

export function isList(value: YamlData): value is readonly YamlData[] {
  return Array.isArray(value);
}
