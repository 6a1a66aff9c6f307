import { describe, expect, it } from 'vitest';
import { parseNodeSelector } from './node-selector-text.js';

describe('parseNodeSelector', () => {
  it('reads labels', () => {
    expect(parseNodeSelector('')).toEqual({});
    expect(parseNodeSelector(' zone = a ,example.com/disk=ssd,empty=')).toEqual({ zone: 'a', 'example.com/disk': 'ssd', empty: '' });
  });

  it.each([
    ['zone', 'invalid selector: [zone]'],
    ['a=b=c', 'invalid selector: [a b c]'],
    ['a=b,', 'invalid selector: []'],
    ['a_=b', /^<nil>: Invalid value: "a_": name part must consist of/],
    ['a=b!', /^\[a\]: Invalid value: "b!": a valid label must be an empty string or consist of/],
  ])('refuses %s', (text, message) => {
    expect(() => parseNodeSelector(text)).toThrow(message);
  });
});
