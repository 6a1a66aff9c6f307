import { describe, expect, it } from 'vitest';
import { KeptValues } from './kept-values.js';

const text = (name: string) => `{"f:${name}":{"f:x":{}}}`;

describe('KeptValues', () => {
  it('parses a text once, and gives everybody the same frozen value', () => {
    const kept = new KeptValues();
    let parsed = 0;
    const parse = (json: string) => {
      parsed++;
      return JSON.parse(json) as unknown;
    };
    const first = kept.read(text('a'), parse);
    expect(Object.isFrozen(first)).toBe(false);
    const second = kept.read(text('a'), parse) as { 'f:a': object };
    expect([second === first, parsed, Object.isFrozen(second), Object.isFrozen(second['f:a'])]).toEqual([true, 1, true, true]);
    expect(second).toEqual({ 'f:a': { 'f:x': {} } });
  });

  it('forgets what nobody has asked for while two generations of others came', () => {
    const kept = new KeptValues();
    const parse = (json: string) => JSON.parse(json) as unknown;
    const [left, asked] = [kept.read(text('left'), parse), kept.read(text('asked'), parse)];
    for (let i = 0; i < 1100; i++) {
      kept.read(text(`other-${i}`), parse);
      if (i % 100 === 0) kept.read(text('asked'), parse);
    }
    expect(kept.read(text('asked'), parse)).toBe(asked);
    expect(kept.read(text('left'), parse)).not.toBe(left);
  });

  it('keeps no long texts', () => {
    const kept = new KeptValues();
    const long = JSON.stringify({ 'f:a': 'x'.repeat(9000) });
    expect(kept.read(long, JSON.parse)).not.toBe(kept.read(long, JSON.parse));
  });

  it('formats a shared value once, and one that may still change each time', () => {
    const kept = new KeptValues();
    let formatted = 0;
    const format = (value: unknown) => {
      formatted++;
      return JSON.stringify(value);
    };
    const own = kept.read(text('a'), JSON.parse) as Record<string, object>;
    expect(kept.textOf(own, format)).toBe(text('a'));
    own['f:b'] = {};
    expect(kept.textOf(own, format)).toBe('{"f:a":{"f:x":{}},"f:b":{}}');
    const shared = [kept.read(text('c'), JSON.parse), kept.read(text('c'), JSON.parse)][1];
    expect([kept.textOf(shared, format), kept.textOf(shared, format), formatted]).toEqual([text('c'), text('c'), 3]);
  });
});
