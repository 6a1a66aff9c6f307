import { describe, expect, it } from 'vitest';
import { recordedJson, requestBody } from './request-body.js';
import { newToken, Variables } from './variables.js';

const written = (name: string) => `\${${name}}`;
const variables = () => new Variables('bcdfghjk', 'cases-zzzzzzzz', 'alice-token');

describe('Variables', () => {
  it('makes tokens of eight unmistakable characters', () => {
    for (let index = 0; index < 50; index++) expect(newToken()).toMatch(/^[b-df-hj-np-tv-z][b-df-hj-np-tv-z24-9]{7}$/);
  });

  it('fills placeholders in and puts them back', () => {
    const text = `${written('u')} ${written('U')} ${written('ns')}`;
    expect(variables().substitute(text)).toBe('bcdfghjk Bcdfghjk cases-zzzzzzzz');
    expect(variables().restore('n-bcdfghjk Bcdfghjk cases-zzzzzzzz')).toBe(`n-${text}`);
    expect(variables().substitute(`${written('alicetoken')} ${written('unknown')}`)).toBe(`alice-token ${written('unknown')}`);
  });

  it('puts saved values back only where their name starts with S_', () => {
    const saved = variables();
    saved.save('rv', '77');
    saved.save('S_tok', 'ey.bcdfghjk');
    expect(saved.substitute(`${written('rv')} ${written('S_tok')}`)).toBe('77 ey.bcdfghjk');
    expect(saved.restore('77 ey.bcdfghjk')).toBe(`77 ${written('S_tok')}`);
  });
});

describe('requestBody', () => {
  const bytes = (step: Parameters<typeof requestBody>[0]) =>
    requestBody(step, variables(), new Map([['a', Buffer.from('raw ')]]))?.toString();

  it('writes JSON as it was recorded', () => {
    expect(recordedJson({ a: [1, 'é"', null, true], b: {}, c: [] })).toBe('{"a": [1, "\\u00e9\\"", null, true], "b": {}, "c": []}');
  });

  it('fills placeholders in values and keys', () => {
    expect(bytes({ body: { [written('u')]: written('ns') } })).toBe('{"bcdfghjk": "cases-zzzzzzzz"}');
    expect(bytes({ raw: `a: ${written('u')}` })).toBe('a: bcdfghjk');
    expect(bytes({ raw64: Buffer.from('x uuuuuuuu').toString('base64') })).toBe('x bcdfghjk');
  });

  it('sends the bytes of an earlier answer', () => {
    expect(bytes({ from: 'a' })).toBe('raw ');
    expect(() => bytes({ from: 'b' })).toThrow('no earlier step has the id b');
    expect(bytes({})).toBeUndefined();
  });
});
