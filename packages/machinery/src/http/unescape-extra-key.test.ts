import { expect, it } from 'vitest';
import { unescapeExtraKey } from './unescape-extra-key.js';

it.each([
  ['scopes', 'scopes'],
  ['acme.com%2fproject', 'acme.com/project'],
  ['%41', 'A'],
  ['a+b', 'a+b'],
  ['50%', '50%'],
  ['%ff', '%ff'],
])('%s', (escaped, key) => expect(unescapeExtraKey(escaped)).toBe(key));
