import { expect, it } from 'vitest';
import { namedKeyPairs } from './named-key-pairs.js';

const first = { certFile: 'foo.crt', keyFile: 'foo.key', names: [] };

it('takes a certificate and its key, with the names they are for or without', () => {
  const pairs = namedKeyPairs.parse(' bar.crt,bar.key : *.bar.com, bar.com', namedKeyPairs.parse('foo.crt,foo.key', undefined));
  expect(pairs).toEqual([first, { certFile: 'bar.crt', keyFile: 'bar.key', names: ['*.bar.com', 'bar.com'] }]);
  expect(namedKeyPairs.format(pairs)).toBe('[foo.crt,foo.key;bar.crt,bar.key:*.bar.com,bar.com]');
});

it.each([
  ['foo.crt', 'expected comma separated certificate and key file paths'],
  ['foo.crt,foo.key,foo.ca', 'expected comma separated certificate and key file paths'],
  ['foo.crt,foo.key: ', 'empty names list is not allowed'],
])('refuses %j', (text, message) => {
  expect(() => namedKeyPairs.parse(text, undefined)).toThrow(message);
});
