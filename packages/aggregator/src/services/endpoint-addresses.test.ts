import type { discovery } from '@keelson/schema';
import { expect, it } from 'vitest';
import { endpointAddresses } from './endpoint-addresses.js';

type EndpointSlice = discovery.v1.EndpointSlice;

const service = { metadata: {}, spec: { ipFamilies: ['IPv6'], ports: [{ port: 443, name: 'https' }] } };
const at = { name: 's', port: 443 };

function slice(addressType: string, port: string | undefined, ...addresses: string[]): EndpointSlice {
  const endpoints = addresses.map((address) => ({ addresses: [address], conditions: address.startsWith('10.9') ? { ready: false } : {} }));
  return { metadata: {}, addressType, endpoints, ports: [{ ...(port !== undefined && { name: port }), port: 8443 }] };
}

it('are the ready ones of the port, those of the first family first', () => {
  const slices = [slice('IPv4', 'https', '10.0.0.1', '10.9.0.1'), slice('IPv6', 'https', 'fd00::1'), slice('IPv4', 'other', '10.0.0.3')];
  expect(endpointAddresses(service, slices, at)).toEqual([
    { host: 'fd00::1', port: 8443 },
    { host: '10.0.0.1', port: 8443 },
  ]);
});

it('are some of many', () => {
  const many = slice('IPv4', 'https', ...Array.from({ length: 20 }, (_, i) => `10.0.0.${i}`));
  const hosts = endpointAddresses(service, [many], at).map(({ host }) => host);
  expect([hosts.length, new Set(hosts).size]).toEqual([5, 5]);
});

it.each([
  [service, 444, 'no service port 444 found for service "s"'],
  [service, 443, 'no endpoints available for service "s"'],
  [{ ...service, spec: { type: 'ExternalName' } }, 443, 'unsupported service type "ExternalName"'],
])('may be none', (of, port, why) => {
  expect(() => endpointAddresses(of, [slice('IPv4', 'https', '10.9.0.1')], { ...at, port })).toThrow(why);
});
