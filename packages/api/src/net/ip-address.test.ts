import { describe, expect, it } from 'vitest';
import { formatIp, parseIp } from './ip-address.js';
import { containsIp, formatIpRange, parseIpRange } from './ip-range.js';

function canonical(text: string): string | undefined {
  const address = parseIp(text);
  return address && formatIp(address);
}

describe('parseIp and formatIp', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['FD00:10:0:0:0:0:0:1', 'fd00:10::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['010.0.0.001', '10.0.0.1'],
    ['fd00:00010::1', 'fd00:10::1'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    '',
    '1.2.3',
    '256.0.0.1',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%eth0',
    'g::',
    '1:2:3:4:5:6:7::8',
  ])('refuses %j', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe('parseIpRange', () => {
  it('drops what is behind the prefix', () => {
    const range = parseIpRange('10.1.2.3/16');
    expect(range && formatIpRange(range)).toBe('10.1.0.0/16');
    expect(range?.size).toBe(65536n);
  });

  it.each([
    ['010.1.0.0/016', '10.1.0.0/16'],
    ['::ffff:10.1.2.3/112', '10.1.0.0/16'],
    ['::ffff:10.1.2.3/24', '::/24'],
  ])('reads %s as %s', (text, expected) => {
    const range = parseIpRange(text);
    expect(range && formatIpRange(range)).toBe(expected);
  });

  it('tells what is in it', () => {
    const range = parseIpRange('fd00:10::/112');
    expect(range && containsIp(range, { family: 'IPv6', value: range.base + 65535n })).toBe(true);
    expect(range && containsIp(range, { family: 'IPv6', value: range.base + 65536n })).toBe(false);
    expect(range && containsIp(range, { family: 'IPv4', value: range.base })).toBe(false);
  });

  it.each(['', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', 'fd00::/129', '/8'])('refuses %j', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });
});
