import { badRequest, serviceUnavailable, shuffled } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Resource, Target } from '@keelson/server';
import { connectedObject } from '../connected-objects.js';
import type { ClusterAgents } from './cluster-agents.js';
import type { Destination } from './destination.js';
import { splitSchemeNamePort } from './scheme-name-port.js';

type EndpointSubset = core.v1.EndpointSubset;

/** Where services find their endpoints, and whom these are. */
export interface ServiceConnections {
  readonly endpoints: Resource;
  readonly pods: Resource;
  readonly agents: ClusterAgents;
}

/** One of the pods behind a service, any of those that are ready. */
export function serviceDestination({ endpoints, pods, agents }: ServiceConnections) {
  return async ({ version, info }: Target): Promise<Destination> => {
    const asked = splitSchemeNamePort(info.name);
    if (asked === undefined) throw badRequest(`invalid service request ${JSON.stringify(info.name)}`);
    const { namespace } = info;
    const portName = /^\d+$/.test(asked.port)
      ? portNameOf(await connectedObject<core.v1.Service>(version.resource, namespace, asked.name), Number(asked.port))
      : asked.port;
    const { subsets = [] } = await connectedObject<core.v1.Endpoints>(endpoints, namespace, asked.name);
    for (const { ip, port } of shuffled(subsets.flatMap((subset) => placesOf(subset, portName)))) {
      if (await isPodAddress(pods, namespace, ip)) return agents.destination(asked.scheme, ip.ip, port);
    }
    throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(asked.name)}`);
  };
}

function portNameOf({ metadata, spec }: core.v1.Service, number: number): string {
  const port = (spec.ports ?? []).find((one) => one.port === number);
  if (port === undefined) throw serviceUnavailable(`no service port ${number} found for service ${JSON.stringify(metadata.name)}`);
  return port.name ?? '';
}

interface Place {
  readonly ip: core.v1.EndpointAddress;
  readonly port: number;
}

function placesOf({ addresses = [], ports = [] }: EndpointSubset, portName: string): Place[] {
  const port = ports.find(({ name = '' }) => name === portName);
  return port === undefined ? [] : addresses.map((ip) => ({ ip, port: port.port }));
}

/** Anybody who may write endpoints could else have this server connect to anything. */
async function isPodAddress(pods: Resource, namespace: string, { ip, targetRef }: core.v1.EndpointAddress): Promise<boolean> {
  if (targetRef === undefined || targetRef.namespace !== namespace) return false;
  const { object } = await pods.store.get(pods.path(namespace, targetRef.name ?? ''), { at: 'any' });
  if (object === undefined) return false;
  const pod = pods.form.decode(object.value, 'managedFields') as core.v1.Pod;
  return (pod.status.podIPs ?? []).some((address) => address.ip === ip);
}
