import { describe, expect, it } from 'vitest';
import { StoredObject } from '../stored-object.js';
import { testIndexer } from '../testing/store/index.js';
import { compactSlabs } from './slab-compaction.js';

const SLAB_BYTES = 16 * 1024;
const VALUE_BYTES = 1024;

/** Objects of which `perSlab` share a slab with values that are gone. */
function objects(count: number, perSlab: number): StoredObject[] {
  let slab = Buffer.alloc(0);
  return Array.from({ length: count }, (_, i) => {
    if (i % perSlab === 0) slab = Buffer.alloc(SLAB_BYTES);
    const value = slab.subarray((i % perSlab) * VALUE_BYTES, ((i % perSlab) + 1) * VALUE_BYTES).fill(i % 251);
    return new StoredObject(`p${i}`, value, 1, testIndexer);
  });
}

const held = (all: readonly StoredObject[]) =>
  [...new Set(all.map(({ value }) => value.buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);

describe('compactSlabs', () => {
  it('moves values out of slabs that are mostly garbage', async () => {
    const all = objects(1000, 1);
    expect(held(all)).toBe(1000 * SLAB_BYTES);
    expect(await compactSlabs(() => all)).toBe(1000 * VALUE_BYTES);
    expect(held(all)).toBeLessThan(1.1 * 1000 * VALUE_BYTES);
    expect(all.every(({ value }, i) => value.length === VALUE_BYTES && value.every((byte) => byte === i % 251))).toBe(true);
    expect(await compactSlabs(() => all)).toBe(0);
  });

  it('leaves full slabs alone', async () => {
    const all = objects(3200, 16);
    expect(await compactSlabs(() => all)).toBe(0);
  });
});
