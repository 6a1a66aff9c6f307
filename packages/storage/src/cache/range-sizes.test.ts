import { describe, expect, it } from 'vitest';
import { StoredObject } from '../stored-object.js';
import { testIndexer } from '../testing/store/index.js';
import { RangeSizes } from './range-sizes.js';

function stored(path: string, bytes: number): StoredObject {
  return new StoredObject(path, Buffer.alloc(bytes), 1, testIndexer);
}

describe('RangeSizes', () => {
  it('counts all that is stored, and what is in each namespace', () => {
    const sizes = new RangeSizes();
    sizes.replace(undefined, stored('a/1', 100));
    sizes.replace(undefined, stored('a/2', 10));
    sizes.replace(undefined, stored('b/1', 1));
    expect([sizes.of({ path: '' }), sizes.of({ path: 'a/' }), sizes.of({ path: 'b/' }), sizes.of({ path: 'c/' })]).toEqual([
      { objects: 3, bytes: 111 },
      { objects: 2, bytes: 110 },
      { objects: 1, bytes: 1 },
      { objects: 0, bytes: 0 },
    ]);
  });

  it('follows updates and deletes', () => {
    const sizes = new RangeSizes();
    sizes.replace(undefined, stored('a/1', 100));
    sizes.replace(stored('a/1', 100), stored('a/1', 30));
    expect(sizes.of({ path: 'a/' })).toEqual({ objects: 1, bytes: 30 });
    sizes.replace(stored('a/1', 30), undefined);
    expect([sizes.of({ path: 'a/' }), sizes.of({ path: '' })]).toEqual([
      { objects: 0, bytes: 0 },
      { objects: 0, bytes: 0 },
    ]);
  });

  it('counts what has no namespace, and begins anew', () => {
    const sizes = new RangeSizes();
    sizes.replace(undefined, stored('node-1', 7));
    expect(sizes.of({ path: '' })).toEqual({ objects: 1, bytes: 7 });
    sizes.clear();
    expect(sizes.of({ path: '' })).toEqual({ objects: 0, bytes: 0 });
  });
});
