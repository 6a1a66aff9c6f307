import type { JsonObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from './apply-merge-patch.js';

describe('applyMergePatch', () => {
  // RFC 7386, appendix A: the cases where both sides are objects.
  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j gives %j', (document, patch, expected) => {
    const before = structuredClone(document);
    expect(applyMergePatch(document, patch)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it('drops nulls inside lists unless the list takes the place of an object', () => {
    expect(applyMergePatch({ l: [0] }, { l: [{ a: null, b: 1 }, null] })).toEqual({ l: [{ b: 1 }, null] });
    expect(applyMergePatch({ l: { x: 1 } }, { l: [{ a: null }] })).toEqual({ l: [{ a: null }] });
  });

  it('puts members in order where the patch reaches', () => {
    const document = { c: { z: 1, y: 2 }, b: { z: 1, y: 2 } };
    const patch = { c: { x: { n: 1, m: [{ l: 1, k: 2 }] } }, a: 0 };
    expect(JSON.stringify(applyMergePatch(document, patch))).toBe(
      '{"a":0,"b":{"z":1,"y":2},"c":{"x":{"m":[{"k":2,"l":1}],"n":1},"y":2,"z":1}}',
    );
  });

  it('shares what the patch leaves alone', () => {
    const document = { spec: { a: 1 }, status: { b: 2 } };
    const result = applyMergePatch(document, { spec: { a: 2 } });
    expect(result.status).toBe(document.status);
  });

  it('treats __proto__ as data', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}, "labels": {"constructor": {"a": "b"}}}') as JsonObject;
    const result = applyMergePatch({ labels: {} }, patch);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true},"labels":{"constructor":{"a":"b"}}}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});
