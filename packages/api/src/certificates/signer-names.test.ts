import { path } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { validateSignerName } from './signer-names.js';

const problems = (name: string) => validateSignerName(name, path('signerName')).map((error) => error.body());

describe('the name of a signer', () => {
  it.each(['example.com/signer', 'a.b/c.d-e', `${'a'.repeat(63)}.b/${'c'.repeat(63)}`])('may be %s', (name) => {
    expect(problems(name)).toEqual([]);
  });

  it.each([
    ['', ['Required value']],
    ...['signer', 'example.com/', 'example.com/a/b'].map((name): [string, string[]] => [
      name,
      [`Invalid value: "${name}": must be a fully qualified domain and path of the form 'example.com/signer-name'`],
    ]),
    ['example/signer', ['Invalid value: "example": should be a domain with at least two segments separated by dots']],
  ] satisfies [string, string[]][])('is not %s', (name, expected) => {
    expect(problems(name)).toEqual(expected);
  });

  it.each([
    ['A.B.com/signer', 'Invalid value: "A.B.com": validating label "A": a lowercase RFC 1123 label must consist of'],
    ['a..com/signer', 'Invalid value: "a..com": validating label "": a lowercase RFC 1123 label must consist of'],
    ['example.com/a.B.C', 'Invalid value: "a.B.C": validating label "B": a lowercase RFC 1123 subdomain must consist of'],
    [`${'a'.repeat(64)}.com/signer`, `validating label "${'a'.repeat(64)}": must be no more than 63 characters`],
  ])('is not %s, as its first wrong label says', (name, expected) => {
    expect(problems(name)).toEqual([expect.stringContaining(expected)]);
  });

  it('has a domain of 253 bytes at most, whatever its labels are', () => {
    expect(problems(`${'a.'.repeat(127)}b/signer`)).toEqual(['Too long: may not be more than 253 bytes']);
  });
});
