import { badRequest } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Target } from '@keelson/server';
import ipaddr from 'ipaddr.js';
import { connectedObject } from '../connected-objects.js';
import type { ClusterAgents } from './cluster-agents.js';
import type { Destination } from './destination.js';
import { splitSchemeNamePort } from './scheme-name-port.js';

/** The pod itself, at the port that is named or the first that it has. */
export function podDestination(agents: ClusterAgents) {
  return async ({ version, info }: Target): Promise<Destination> => {
    const asked = splitSchemeNamePort(info.name);
    if (asked === undefined) throw badRequest(`invalid pod request ${JSON.stringify(info.name)}`);
    const pod = await connectedObject<core.v1.Pod>(version.resource, info.namespace, asked.name);
    const host = pod.status.podIPs?.[0]?.ip ?? '';
    if (!isProxyable(host)) throw badRequest('address not allowed');
    const port = asked.port === '' ? firstPort(pod) : readPort(asked.port);
    return agents.destination(asked.scheme, host, port);
  };
}

function firstPort({ spec }: core.v1.Pod): number | undefined {
  return spec.containers?.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort;
}

export function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(port > 0 && port < 65_536)) throw badRequest(`invalid port ${JSON.stringify(text)}`);
  return port;
}

/** What is reached through a server must not be the server's own host or link. */
export function isProxyable(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false;
  return !['loopback', 'linkLocal', 'multicast', 'unspecified', 'broadcast'].includes(ipaddr.process(ip).range());
}
