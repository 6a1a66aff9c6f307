import { isIP } from 'node:net';
import type { JsonObject } from '@keelson/machinery';
import { replicaName, serviceLabel } from './replica-name.js';
import type { ServiceReference } from './service-reference.js';

/**
 * Where the Service leads: to pods that a selector finds, to an address, or to a host name, under which the extension
 * listens on the service's port.
 */
export type Backend =
  | { readonly selector: Readonly<Record<string, string>>; readonly port: number }
  | { readonly host: string; readonly port: number };

/** Port under which the cluster's servers reach the Service: of a host name its own, as nothing in between translates it. */
export function servicePort(backend: Backend | undefined, wanted: number | undefined): number {
  return backend !== undefined && isHostName(backend) ? backend.port : (wanted ?? 443);
}

function isHostName(backend: Backend): backend is Backend & { readonly host: string } {
  return 'host' in backend && isIP(backend.host) === 0;
}

/** The objects that lead to the extension, as they are applied. */
export interface ServiceObjects {
  readonly service?: JsonObject;
  /** With the address of one process alone. */
  readonly slice?: JsonObject;
}

/** None without a backend. `replica`: names the address of this process among others. */
export function serviceObjects(service: ServiceReference, port: number, backend: Backend | undefined, replica: string): ServiceObjects {
  if (backend === undefined) return {};
  const { namespace, name } = service;
  const metadata = { namespace, name };
  const ports = [{ name: 'https', port, protocol: 'TCP', targetPort: backend.port }];
  const serviceOf = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Service', metadata, spec });
  if ('selector' in backend) return { service: serviceOf({ selector: { ...backend.selector }, ports }) };
  // A name leads to itself, wherever that is: outside of the cluster's network there is no other way to a machine's own port.
  if (isHostName(backend)) return { service: serviceOf({ type: 'ExternalName', externalName: backend.host }) };
  return { service: serviceOf({ ports }), slice: endpointSlice(service, backend, replica) };
}

function endpointSlice(service: ServiceReference, { host, port }: { host: string; port: number }, replica: string): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: service.namespace,
      name: replicaName(service, replica),
      labels: { ...serviceLabel(service), 'endpointslice.kubernetes.io/managed-by': 'keelson-sdk' },
    },
    addressType: isIP(host) === 6 ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}
