import { lookup } from 'node:dns/promises';
import { badRequest } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Target } from '@keelson/server';
import { connectedObject } from '../connected-objects.js';
import type { Destination } from './destination.js';
import type { Kubelets } from './kubelets.js';
import { isProxyable, readPort } from './pod-destination.js';
import { splitSchemeNamePort } from './scheme-name-port.js';

/** A node's kubelet, or another port of the node. */
export function nodeDestination(kubelets: Kubelets) {
  return async ({ version, info }: Target): Promise<Destination> => {
    const asked = splitSchemeNamePort(info.name);
    if (asked === undefined) throw badRequest(`invalid node request ${JSON.stringify(info.name)}`);
    const address = kubelets.addressOf(await connectedObject<core.v1.Node>(version.resource, '', asked.name));
    await checkHost(address.host);
    if (asked.port === '' || asked.port === String(address.port)) return { ...address, path: '' };
    return kubelets.agents.destination(asked.scheme, address.host, readPort(asked.port));
  };
}

/** All that its name leads to must be such that connections may go there. */
async function checkHost(host: string): Promise<void> {
  const found = await lookup(host, { all: true }).catch(() => {
    throw badRequest(`lookup ${host}: no such host`);
  });
  if (!found.every(({ address }) => isProxyable(address))) throw badRequest('address not allowed');
}
