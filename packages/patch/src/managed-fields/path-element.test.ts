import { describe, expect, it } from 'vitest';
import { canonicalElement, compareElements, formatElement, keyElement, valueElement } from './path-element.js';

describe('path elements', () => {
  it('sort by kind, then by what they hold', () => {
    const ordered = [
      '.',
      'f:a',
      'f:b',
      'k:{"containerPort":80,"protocol":"TCP"}',
      'k:{"containerPort":80,"protocol":"UDP"}',
      'k:{"containerPort":443,"protocol":"TCP"}',
      'k:{"name":"a"}',
      'k:{"name":"a b"}',
      'k:{"name":"a!"}',
      'k:{"name":"a\\"b"}',
      'k:{"name":"ab"}',
      'v:2',
      'v:10',
      'v:"a"',
      'v:"b"',
      'i:2',
      'i:10',
    ];
    expect([...ordered].reverse().sort(compareElements)).toEqual(ordered);
  });

  it('are written with the escapes of Kubernetes', () => {
    expect(keyElement([['name', 'a<b>&"c"']])).toBe('k:{"name":"a\\u003cb\\u003e\\u0026\\"c\\""}');
    expect(valueElement('x/y')).toBe('v:"x/y"');
  });

  it('are brought into canonical form', () => {
    expect(canonicalElement('k:{ "b": 1, "a": "x" }')).toBe('k:{"a":"x","b":1}');
    expect(canonicalElement('f:anything: goes')).toBe('f:anything: goes');
    expect(canonicalElement('i:+3')).toBe('i:3');
    expect(canonicalElement('x:new')).toBeUndefined();
  });

  it.each(['', 'f', 'name', 'k:[1]', 'k:{', 'v:{', 'i:x'])('refuse %j', (text) => {
    expect(() => canonicalElement(text)).toThrow(SyntaxError);
  });

  it('print as in messages', () => {
    expect(formatElement('f:replicas')).toBe('.replicas');
    expect(formatElement('k:{"port":80,"protocol":"TCP"}')).toBe('[port=80,protocol="TCP"]');
    expect(formatElement('v:"a"')).toBe('[="a"]');
    expect(formatElement('i:3')).toBe('[3]');
  });
});
