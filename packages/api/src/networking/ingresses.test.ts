import { expect, it } from 'vitest';
import { statusProblemsOf } from '../testing/problems-of.js';
import { ingresses } from './ingresses.js';

const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } } };
const at = 'status.loadBalancer.ingress[0]';

it.each([
  [{ ip: '10.1.2.3', hostname: 'lb.example.com' }, []],
  [{ ip: 'x' }, [`${at}.ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`]],
  [{ hostname: '10.1.2.3' }, [`${at}.hostname: Invalid value: "10.1.2.3": must be a DNS name, not an IP address`]],
])('where an ingress is reached: %j', (ingress, problems) => {
  expect(statusProblemsOf(ingresses, { spec, status: { loadBalancer: { ingress: [ingress] } } }, { spec })).toEqual(problems);
});
