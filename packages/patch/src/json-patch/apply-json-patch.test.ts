import type { Json, JsonObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './apply-json-patch.js';
import { JsonPatchError } from './json-patch-error.js';

const document = (): JsonObject => ({ name: 'n', list: [1, 2, 3], labels: { 'a/b': 'x', 'm~n': 'y' }, nothing: null });

function patched(...operations: JsonObject[]): Json {
  const before = document();
  const result = applyJsonPatch(before, operations);
  expect(before).toEqual(document());
  return result;
}

describe('applyJsonPatch', () => {
  it('adds, replaces and removes members', () => {
    expect(patched({ op: 'add', path: '/x', value: { y: 1 } })).toEqual({ ...document(), x: { y: 1 } });
    expect(patched({ op: 'replace', path: '/labels/a~1b', value: 'z' })).toMatchObject({ labels: { 'a/b': 'z', 'm~n': 'y' } });
    expect(patched({ op: 'remove', path: '/labels/m~0n' })).toMatchObject({ labels: { 'a/b': 'x' } });
    expect(patched({ op: 'add', path: '/x' })).toEqual({ ...document(), x: null });
  });

  it('puts members in order where operations reach', () => {
    const nested: JsonObject = {
      c: [
        { z: 1, y: 2 },
        { z: 1, y: 2 },
      ],
      b: { z: 1, y: 2 },
    };
    const operations = [{ op: 'add', path: '/c/0/x', value: { n: 1, m: 2 } }];
    expect(JSON.stringify(applyJsonPatch(nested, operations))).toBe(
      '{"b":{"z":1,"y":2},"c":[{"x":{"n":1,"m":2},"y":2,"z":1},{"z":1,"y":2}]}',
    );
    expect(JSON.stringify(applyJsonPatch({ b: 1, a: 2 }, []))).toBe('{"a":2,"b":1}');
  });

  it('sets a missing member on replace', () => {
    expect(patched({ op: 'replace', path: '/labels/new', value: '1' })).toMatchObject({ labels: { new: '1' } });
  });

  it('inserts into, sets and removes from arrays', () => {
    expect(patched({ op: 'add', path: '/list/1', value: 9 })).toMatchObject({ list: [1, 9, 2, 3] });
    expect(patched({ op: 'add', path: '/list/-', value: 9 })).toMatchObject({ list: [1, 2, 3, 9] });
    expect(patched({ op: 'add', path: '/list/3', value: 9 })).toMatchObject({ list: [1, 2, 3, 9] });
    expect(patched({ op: 'replace', path: '/list/0', value: 9 })).toMatchObject({ list: [9, 2, 3] });
    expect(patched({ op: 'remove', path: '/list/0' })).toMatchObject({ list: [2, 3] });
  });

  it('counts negative indices from the end', () => {
    expect(patched({ op: 'replace', path: '/list/-1', value: 9 })).toMatchObject({ list: [1, 2, 9] });
    expect(patched({ op: 'remove', path: '/list/-3' })).toMatchObject({ list: [2, 3] });
    expect(patched({ op: 'add', path: '/list/-1', value: 9 })).toMatchObject({ list: [1, 2, 3, 9] });
  });

  it('moves and copies', () => {
    expect(patched({ op: 'move', from: '/name', path: '/list/0' })).toEqual({ ...without('name'), list: ['n', 1, 2, 3] });
    const result = patched({ op: 'copy', from: '/labels', path: '/copied' }, { op: 'add', path: '/copied/only', value: 'here' });
    expect(result).toMatchObject({ labels: document().labels, copied: { only: 'here' } });
    expect((result as JsonObject).labels).not.toHaveProperty('only');
  });

  it('tests, taking a missing member for null', () => {
    expect(patched({ op: 'test', path: '/labels', value: { 'm~n': 'y', 'a/b': 'x' } })).toEqual(document());
    expect(patched({ op: 'test', path: '/missing', value: null })).toEqual(document());
    expect(patched({ op: 'test', path: '/nothing' })).toEqual(document());
    expect(patched({ op: 'test', path: '', value: document() })).toEqual(document());
  });

  it('replaces the whole document', () => {
    expect(patched({ op: 'replace', path: '', value: { a: 1 } }, { op: 'add', path: '/b', value: 2 })).toEqual({ a: 1, b: 2 });
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown operation', { op: 'merge', path: '/x', value: 1 }, 'Unexpected kind: merge'],
    ['no operation', { path: '/x', value: 1 }, 'Unexpected kind: unknown'],
    ['no path', { op: 'add', value: 1 }, 'add operation failed to decode path: missing value'],
    ['no path to replace', { op: 'replace' }, 'replace operation failed to decode path: operation missing path field: missing value'],
    ['nothing to move', { op: 'move', path: '/x' }, 'move operation failed to decode from: operation, missing from field: missing value'],
    [
      'a parent that is missing',
      { op: 'add', path: '/nope/x', value: 1 },
      'add operation does not apply: doc is missing path: "/nope/x": missing value',
    ],
    [
      'a parent that is a scalar',
      { op: 'add', path: '/name/x', value: 1 },
      'add operation does not apply: doc is missing path: "/name/x": missing value',
    ],
    [
      'a parent in no array',
      { op: 'remove', path: '/list/9/x' },
      'remove operation does not apply: doc is missing path: "/list/9/x": missing value',
    ],
    [
      'a pointer without a slash',
      { op: 'add', path: '', value: 1 },
      'add operation does not apply: doc is missing path: "": missing value',
    ],
    [
      'removing what is missing',
      { op: 'remove', path: '/nope' },
      "error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value",
    ],
    [
      'replacing below what is missing',
      { op: 'replace', path: '/nope/x', value: 1 },
      'replace operation does not apply: doc is missing path: /nope/x: missing value',
    ],
    [
      'an index past the end',
      { op: 'replace', path: '/list/3', value: 1 },
      'replace operation does not apply: doc is missing key: /list/3: missing value',
    ],
    [
      'an insertion past the end',
      { op: 'add', path: '/list/4', value: 1 },
      "error in add for path: '/list/4': Unable to access invalid index: 4: invalid index referenced",
    ],
    [
      'a negative index before the start',
      { op: 'remove', path: '/list/-4' },
      "error in remove for path: '/list/-4': Unable to access invalid index: -4: invalid index referenced",
    ],
    [
      'an index that is no number',
      { op: 'add', path: '/list/x', value: 1 },
      `error in add for path: '/list/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    ['a test that fails', { op: 'test', path: '/name', value: 'other' }, 'testing value /name failed: test failed'],
    ['a test of a missing member for a value', { op: 'test', path: '/nope', value: 9 }, 'testing value /nope failed: test failed'],
    [
      'a test below what is missing',
      { op: 'test', path: '/nope/x', value: 9 },
      'test operation does not apply: is missing path: /nope/x: missing value',
    ],
    [
      'a test of no element',
      { op: 'test', path: '/list/x', value: 9 },
      `error in test for path: '/list/x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    [
      'moving what is missing',
      { op: 'move', from: '/nope', path: '/x' },
      "error in move for path: 'nope': Unable to remove nonexistent key: nope: missing value",
    ],
    [
      'copying to where nothing is',
      { op: 'copy', from: '/name', path: '/nope/x' },
      'copy operation does not apply: doc is missing destination path: /nope/x: missing value',
    ],
    ['a root that is a scalar', { op: 'replace', path: '', value: 1 }, 'replace operation value must be object or array: %!w(<nil>)'],
  ])('refuses %s', (_, operation, message) => {
    expect(() => applyJsonPatch(document(), [operation])).toThrow(new JsonPatchError(message));
  });

  it('limits what copies add up to', () => {
    const doublings = Array.from({ length: 64 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/${i}` }));
    expect(() => applyJsonPatch({ a: { text: 'x' } }, doublings)).toThrow('the accumulated size increase of copy is');
  });

  it('treats keys of Object.prototype as data', () => {
    const value = { polluted: true };
    const result = applyJsonPatch({}, [
      { op: 'test', path: '/constructor', value: null },
      { op: 'add', path: '/__proto__', value },
      { op: 'add', path: '/__proto__/more', value: 1 },
    ]);
    expect(Object.entries(result)).toEqual([['__proto__', { polluted: true, more: 1 }]]);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(() => applyJsonPatch({}, [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }])).toThrow(JsonPatchError);
  });
});

function without(key: string): JsonObject {
  const { [key]: _, ...rest } = document();
  return rest;
}
