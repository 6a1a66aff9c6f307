import { path } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { cidrWarnings, ipWarnings } from './ip-warnings.js';

const at = path('spec', 'ip');
const future = 'will be considered invalid in a future Kubernetes release';

it.each([
  ['10.0.0.1', []],
  ['fd00::1', []],
  ['nonsense', []],
  ['010.0.0.1', [`spec.ip: non-standard IP address "010.0.0.1" ${future}: use "10.0.0.1"`]],
  ['::ffff:10.0.0.1', [`spec.ip: non-standard IP address "::ffff:10.0.0.1" ${future}: use "10.0.0.1"`]],
  ['FD00:0::1', ['spec.ip: IPv6 address "FD00:0::1" should be in RFC 5952 canonical format ("fd00::1")']],
])('warns of the address %s', (text, warnings) => {
  expect(ipWarnings(text, at)).toEqual(warnings);
});

it.each([
  ['10.0.0.0/8', []],
  ['10.0.0.0', []],
  ['10.0.0.1/8', ['spec.ip: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)']],
  ['10.0.0.0/08', [`spec.ip: non-standard CIDR value "10.0.0.0/08" ${future}: use "10.0.0.0/8"`]],
  [
    '010.0.0.1/8',
    [
      'spec.ip: CIDR value "010.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
      `spec.ip: non-standard CIDR value "010.0.0.1/8" ${future}: use "10.0.0.0/8"`,
    ],
  ],
  ['FD00::/64', ['spec.ip: IPv6 CIDR value "FD00::/64" should be in RFC 5952 canonical format ("fd00::/64")']],
])('warns of the range %s', (text, warnings) => {
  expect(cidrWarnings(text, at)).toEqual(warnings);
});
