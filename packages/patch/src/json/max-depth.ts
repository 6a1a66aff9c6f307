import type { Json } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import { isJsonObject } from './own-property.js';

/**
 * Deepest nesting a patch or an object may have. Everything here recurses over values, so this is what keeps a
 * hostile body from exhausting the stack. Real objects stay below 50.
 */
export const maxDepth = 1000;

/** True when `value` nests deeper than `limit` levels. Recurses no deeper than `limit` itself. */
export function isDeeperThan(value: Json, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(item, limit - 1));
  for (const key in value) {
    if (isDeeperThan(value[key] as Json, limit - 1)) return true;
  }
  return false;
}

/** Bytes of `value` as compact JSON, or Infinity as soon as it passes `limit` bytes or `maxDepth` levels. */
export function jsonSize(value: Json, limit: number, depth = maxDepth): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(formatJson(value));
  if (depth === 0) return Number.POSITIVE_INFINITY;
  let size = 2;
  for (const [key, item] of Object.entries(value)) {
    const keySize = isJsonObject(value) ? Buffer.byteLength(JSON.stringify(key)) + 1 : 0;
    size += keySize + jsonSize(item, limit - size, depth - 1) + 1;
    if (size > limit) return Number.POSITIVE_INFINITY;
  }
  return size === 2 ? 2 : size - 1;
}
