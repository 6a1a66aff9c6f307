import { describe, expect, it } from 'vitest';
import { addressesText, hostsText, portsText } from './ingress-text.js';

describe('hosts', () => {
  it.each([
    [[], '*'],
    [[undefined], '*'],
    [['a', undefined, 'b'], 'a,b'],
    [['a', 'b', 'c'], 'a,b,c'],
    [['a', 'b', 'c', 'd', 'e'], 'a,b,c + 2 more...'],
  ])('of %j print as %s', (hosts, text) => {
    expect(hostsText({ rules: hosts.map((host) => (host === undefined ? {} : { host })) })).toBe(text);
  });
});

it('shows each address once, in order', () => {
  const ingress = [{ hostname: 'lb.example.com' }, { ip: '10.0.0.9' }, { ip: '10.0.0.1' }, { ip: '10.0.0.9' }, {}];
  expect(addressesText({ loadBalancer: { ingress } })).toBe('10.0.0.1,10.0.0.9,lb.example.com');
  expect(addressesText({ loadBalancer: {} })).toBe('');
});

it('shows the ports that clients would use', () => {
  expect(portsText({})).toBe('80');
  expect(portsText({ tls: [{}] })).toBe('80, 443');
});
