import type { Revision } from '../kv.js';
import { decodeChange } from './change-record.js';
import { decodeNumber, type Layout } from './layout.js';

interface SweptChange {
  readonly revision: Revision;
  readonly previous: Revision;
  /** The key's head, when it is this delete and goes with it. */
  readonly head?: Buffer;
}

/**
 * Finds up to `limit` changes below `compacted` and returns what removes them, or undefined when there are none. With a
 * change goes the value it replaced, which no kept revision shows any more, and a delete leaves nothing behind. Nothing
 * else need be remembered: what is left to sweep is what is left of the changes.
 */
export function sweepSlice(layout: Layout, compacted: Revision, limit: number): (() => void) | undefined {
  const swept: SweptChange[] = [];
  for (const { key: revision, value } of layout.changes.getRange({ start: 0, end: compacted, limit })) {
    const { key, type, previous } = decodeChange(value);
    const head = Buffer.from(key);
    const gone = type === 'delete' && decodeNumber(layout.heads.get(head)) === -revision;
    swept.push({ revision, previous, ...(gone && { head }) });
  }
  if (swept.length === 0) return undefined;
  return () => {
    for (const { revision, previous, head } of swept) {
      layout.changes.remove(revision);
      if (previous > 0) layout.values.remove(previous);
      if (head) layout.heads.remove(head);
    }
  };
}
