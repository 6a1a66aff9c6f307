import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, equal, type FieldSet, forEachPath, has, intersection, recursiveDifference, setOfPaths, union } from './field-set.js';
import { formatPath } from './path-element.js';

/** A set as the texts of its paths: the model that the operations are checked against. */
function pathsOf(set: FieldSet): string[] {
  const paths: string[] = [];
  forEachPath(set, (path) => paths.push(path.join('/')));
  return paths.sort();
}

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:name',
  'k:{"name":"x"}',
  'k:{"name":"y z"}',
  'k:{"port":80}',
  'k:{"port":9}',
  'v:"s"',
  'v:1',
  'i:0',
);
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });
const unique = (list: readonly (readonly string[])[]) => [...new Set(list.map((p) => p.join('/')))].sort();

describe('field set operations', () => {
  it('hold exactly the paths given', () => {
    fc.assert(
      fc.property(paths, (list) => {
        expect(pathsOf(setOfPaths(list))).toEqual(unique(list));
      }),
    );
  });

  it('agree with sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [setOfPaths(left), setOfPaths(right)];
        const [modelA, modelB] = [unique(left), new Set(unique(right))];
        expect(pathsOf(union(a, b))).toEqual(unique([...left, ...right]));
        expect(pathsOf(difference(a, b))).toEqual(modelA.filter((p) => !modelB.has(p)));
        expect(pathsOf(intersection(a, b))).toEqual(modelA.filter((p) => modelB.has(p)));
        const covered = (p: string) => [...modelB].some((q) => p === q || p.startsWith(`${q}/`));
        expect(pathsOf(recursiveDifference(a, b))).toEqual(modelA.filter((p) => !covered(p)));
        for (const p of left) expect(has(b, p)).toBe(modelB.has(p.join('/')));
      }),
    );
  });

  it('give one form to one set, whatever the order of insertion', () => {
    fc.assert(
      fc.property(paths, (list) => {
        const forward = setOfPaths(list);
        const backward = setOfPaths([...list].reverse());
        expect(JSON.stringify(forward)).toBe(JSON.stringify(backward));
        expect(equal(forward, backward)).toBe(true);
      }),
    );
  });

  it('return their first argument when nothing changes', () => {
    const set = setOfPaths([['f:spec'], ['f:spec', 'f:replicas'], ['f:data', 'f:a']]);
    expect(union(set, setOfPaths([['f:data', 'f:a']]))).toBe(set);
    expect(difference(set, setOfPaths([['f:data'], ['f:other']]))).toBe(set);
    expect(recursiveDifference(set, setOfPaths([['f:status']]))).toBe(set);
  });

  it('mark paths that are members besides having members', () => {
    expect(setOfPaths([['f:spec', 'f:a'], ['f:spec']])).toEqual({ 'f:spec': { '.': {}, 'f:a': {} } });
    expect(difference(setOfPaths([['f:spec'], ['f:spec', 'f:a']]), setOfPaths([['f:spec', 'f:a']]))).toEqual({ 'f:spec': {} });
  });

  it('list the members of a node before what is below them', () => {
    const set = setOfPaths([['f:a', 'f:x'], ['f:b'], ['f:c', 'k:{"name":"n"}', 'f:y']]);
    const texts: string[] = [];
    forEachPath(set, (p) => texts.push(formatPath(p)));
    expect(texts).toEqual(['.b', '.a.x', '.c[name="n"].y']);
  });
});
