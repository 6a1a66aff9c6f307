import type { JsonValue } from './json-value.js';
import { isRecent } from './normalize-text.js';

type Entry = readonly [number: number, value: JsonValue];

/** Placeholders in a protobuf tree, given those in its texts. */
export function normalizeTree(tree: JsonValue, text: (value: string) => string): JsonValue {
  return normalizeMessage(tree, [], text);
}

/**
 * Without a schema, places tell what a text is: digits in field 2 of a message in the object are taken for the version
 * of a list, digits in field 6 of its metadata (or that of an item) for the version of an object.
 */
function normalizeMessage(message: JsonValue, path: readonly number[], text: (value: string) => string): JsonValue {
  if (isRecentTime(message)) return '<time>';
  if (typeof message === 'string') return normalizeField(message, path.join('.'), text);
  if (!Array.isArray(message)) return message;
  return (message as unknown as readonly Entry[]).map(([number, value]) => [number, normalizeMessage(value, [...path, number], text)]);
}

function normalizeField(value: string, path: string, text: (value: string) => string): string {
  if (!/^\d+$/.test(value)) return text(value);
  if (path === '1.6' || path === '2.1.6') return '<rv>';
  return /^\d+\.2$/.test(path) ? '<listrv>' : value;
}

function isRecentTime(value: JsonValue): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > 2) return false;
  const [seconds, nanos] = value as unknown as readonly Entry[];
  if (seconds?.[0] !== 1 || typeof seconds[1] !== 'number' || !isRecent(seconds[1] * 1000)) return false;
  return nanos === undefined || (nanos[0] === 2 && typeof nanos[1] === 'number');
}
