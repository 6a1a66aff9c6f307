import type { ObjectAccess, ObjectReader } from '../contracts/objects.js';
import { serviceUnavailable } from '../errors/api-error.js';
import type { KubeObject } from '../meta/object.js';
import { quote } from '../quote.js';
import type { DialAddress } from './dialing/dial-address.js';
import type { Egress } from './dialing/dialer.js';

/** What of a Service says where its connections go. */
export interface RoutedService extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly ports?: readonly { readonly port: number; readonly name?: string }[];
  };
}

/**
 * Other addresses for some services, by `namespace/name:port` or, for every port, `namespace/name`; several stand for its
 * endpoints. For servers that stand outside of the cluster's network.
 */
export type DialOverrides = ReadonlyMap<string, readonly [DialAddress, ...DialAddress[]]>;

/** What is said of a service at a port. */
export function dialOverride(overrides: DialOverrides, namespace: string, name: string, port: number) {
  return overrides.get(`${namespace}/${name}:${port}`) ?? overrides.get(`${namespace}/${name}`);
}

/** Finds where connections to services go: to their cluster IP. Whoever asks services asks what stands beside this server, too. */
export class ServiceResolver {
  readonly #services: ObjectReader<RoutedService>;
  readonly #overrides: DialOverrides;
  /** The ways there. */
  readonly egress: Egress;

  constructor(objects: ObjectAccess, overrides: DialOverrides = new Map(), egress: Egress = {}) {
    this.egress = egress;
    this.#services = objects.reader<RoutedService>({ group: '', version: 'v1', resource: 'services' });
    this.#overrides = overrides;
  }

  /** Rejects in the words of Kubernetes when there is no such place. */
  async resolve(namespace: string, name: string, port: number): Promise<DialAddress> {
    const [override] = dialOverride(this.#overrides, namespace, name, port) ?? [];
    if (override !== undefined) return override;
    const service = await this.#services.get(namespace, name);
    if (service === undefined) throw new Error(`service ${quote(name)} not found`);
    return clusterAddress(service, name, port);
  }
}

/** Where connections to a service go from within the cluster; throws in the words of Kubernetes when there is no such place. */
export function clusterAddress({ spec = {} }: RoutedService, name: string, port: number): DialAddress {
  const { type = 'ClusterIP', clusterIP = '', externalName = '' } = spec;
  if (type === 'ExternalName') return { host: externalName, port };
  if (type !== 'ClusterIP' && type !== 'NodePort' && type !== 'LoadBalancer') throw new Error(`unsupported service type ${quote(type)}`);
  if (type === 'ClusterIP' && clusterIP === 'None') throw new Error('cannot route to service with ClusterIP "None"');
  servicePort({ spec }, name, port);
  return { host: clusterIP, port };
}

/** The port of that number. */
export function servicePort({ spec = {} }: Pick<RoutedService, 'spec'>, name: string, port: number): { readonly name?: string } {
  const found = spec.ports?.find((one) => one.port === port);
  if (found === undefined) throw serviceUnavailable(`no service port ${port} found for service ${quote(name)}`);
  return found;
}
