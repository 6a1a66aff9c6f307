import { describe, expect, it } from 'vitest';
import { altNames, firstServiceIp } from './alt-names.js';

describe('firstServiceIp', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.1'],
    ['10.96.0.0/12', '10.96.0.1'],
    ['10.97.13.200/20', '10.97.0.1'],
    ['192.168.1.128/30', '192.168.1.129'],
    ['fd00:10::/112', 'fd00:10::1'],
    ['fd00:10:96:ffff::/108', 'fd00:10:96:ffff::1'],
  ])('of %s is %s', (cidr, ip) => {
    expect(firstServiceIp(cidr)).toBe(ip);
  });
});

describe('altNames', () => {
  it('tells addresses from names', () => {
    expect(altNames(['lb.example', '10.1.2.3', '::1'])).toEqual({ dns: ['lb.example'], ips: ['10.1.2.3', '::1'] });
  });
});
