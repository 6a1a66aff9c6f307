import { Decimal } from '@keelson/machinery';

/** What a JSON value is called in decoding errors. */
export function jsonKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Decimal) return 'number';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'number';
    default:
      return 'object';
  }
}

/** ` 1.5`: the number where a decoding error cites it, behind its kind; '' for everything else. */
export function numberText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal ? ` ${value}` : '';
}
