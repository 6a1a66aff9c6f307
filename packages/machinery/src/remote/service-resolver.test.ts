import { expect, it } from 'vitest';
import type { ObjectAccess } from '../contracts/objects.js';
import { ServiceResolver } from './service-resolver.js';

const ports = [{ port: 443 }, { port: 8443 }];
const services: Readonly<Record<string, object>> = {
  'shop/web': { type: 'ClusterIP', clusterIP: '10.0.0.7', ports },
  'shop/node': { type: 'NodePort', clusterIP: 'fd00::7', ports },
  'shop/balanced': { type: 'LoadBalancer', clusterIP: '10.0.0.8', ports },
  'shop/headless': { type: 'ClusterIP', clusterIP: 'None', ports },
  'shop/outside': { type: 'ExternalName', externalName: 'hooks.example.com' },
  'shop/odd': { type: 'Odd', ports },
};

const objects = {
  reader: () => ({
    get: async (namespace: string, name: string) => {
      const spec = services[`${namespace}/${name}`];
      return spec && { metadata: { namespace, name }, spec };
    },
  }),
} as unknown as ObjectAccess;

it.each([
  ['web', 8443, { host: '10.0.0.7', port: 8443 }],
  ['node', 443, { host: 'fd00::7', port: 443 }],
  ['balanced', 443, { host: '10.0.0.8', port: 443 }],
  ['outside', 444, { host: 'hooks.example.com', port: 444 }],
])('finds service %s', async (name, port, address) => {
  expect(await new ServiceResolver(objects).resolve('shop', name, port)).toEqual(address);
});

it.each([
  ['gone', 443, 'service "gone" not found'],
  ['headless', 443, 'cannot route to service with ClusterIP "None"'],
  ['web', 80, 'no service port 80 found for service "web"'],
  ['odd', 443, 'unsupported service type "Odd"'],
])('cannot find service %s at port %d', async (name, port, why) => {
  await expect(new ServiceResolver(objects).resolve('shop', name, port)).rejects.toThrow(why);
});

it('goes elsewhere where it is told to', async () => {
  const [here, there] = [9001, 9002].map((port) => ({ host: '127.0.0.1', port }));
  const resolver = new ServiceResolver(
    objects,
    new Map([
      ['shop/gone', [{ host: '127.0.0.1', port: 9001 }]],
      ['shop/web:443', [{ host: '127.0.0.1', port: 9002 }]],
    ]),
  );
  expect(await resolver.resolve('shop', 'gone', 443)).toEqual(here);
  expect(await resolver.resolve('shop', 'web', 443)).toEqual(there);
  expect(await resolver.resolve('shop', 'web', 8443)).toEqual({ host: '10.0.0.7', port: 8443 });
});
