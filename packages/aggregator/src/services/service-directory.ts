import {
  clusterAddress,
  type DialAddress,
  type DialOverrides,
  dialOverride,
  type GroupVersionResource,
  type KubeObject,
  type ObjectReceiver,
  type RoutedService,
  shuffled,
} from '@keelson/machinery';
import type { discovery } from '@keelson/schema';
import { endpointAddresses } from './endpoint-addresses.js';

type EndpointSlice = discovery.v1.EndpointSlice;

const SERVICES: GroupVersionResource = { group: '', version: 'v1', resource: 'services' };
const SLICES: GroupVersionResource = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' };
const SERVICE_NAME = 'kubernetes.io/service-name';

/** A service at one of its ports. */
export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

interface Mirror {
  start(): Promise<void>;
  stop(): void;
}

export interface ServiceDirectoryOptions {
  readonly overrides: DialOverrides;
  /** Whether connections go to the endpoints of services, not to their cluster IPs. */
  readonly toEndpoints: boolean;
  /** Follows the objects of one namespace. */
  mirror<T extends KubeObject>(gvr: GroupVersionResource, receiver: ObjectReceiver<T>, namespace: string): Mirror;
  /** Told of services that have changed, or whose endpoints have. */
  onChange(namespace: string, name: string): void;
}

/** The services of some namespaces and their endpoints: those that extension servers stand behind, and no others. */
export class ServiceDirectory {
  readonly #options: ServiceDirectoryOptions;
  readonly #namespaces = new Map<string, FollowedNamespace>();

  constructor(options: ServiceDirectoryOptions) {
    this.#options = options;
  }

  /** Follows these namespaces from now on, and no others. */
  follow(namespaces: ReadonlySet<string>): void {
    for (const [namespace, followed] of this.#namespaces) {
      if (namespaces.has(namespace)) continue;
      followed.stop();
      this.#namespaces.delete(namespace);
    }
    for (const namespace of namespaces)
      if (!this.#namespaces.has(namespace)) this.#namespaces.set(namespace, new FollowedNamespace(namespace, this.#options));
  }

  /** Resolves when everything that is in a followed namespace is known. */
  async synced(namespace: string): Promise<void> {
    await this.#namespaces.get(namespace)?.synced;
  }

  isOverridden({ namespace, name, port }: ServicePort): boolean {
    return dialOverride(this.#options.overrides, namespace, name, port) !== undefined;
  }

  service({ namespace, name }: ServicePort): RoutedService | undefined {
    return this.#namespaces.get(namespace)?.services.get(name);
  }

  slices({ namespace, name }: ServicePort): EndpointSlice[] {
    return [...(this.#namespaces.get(namespace)?.slices.get(name)?.values() ?? [])];
  }

  /** Where connections go: any of these, the first before the others. Throws in the words of Kubernetes when there is no such place. */
  addresses(of: ServicePort): DialAddress[] {
    const override = dialOverride(this.#options.overrides, of.namespace, of.name, of.port);
    if (override !== undefined) return shuffled(override);
    const service = this.service(of);
    if (service === undefined) throw new Error(`service "${of.name}" not found`);
    return this.#options.toEndpoints ? endpointAddresses(service, this.slices(of), of) : [clusterAddress(service, of.name, of.port)];
  }

  close(): void {
    this.follow(new Set());
  }
}

class FollowedNamespace {
  readonly services = new Map<string, RoutedService>();
  /** By service, then by their own names. */
  readonly slices = new Map<string, Map<string, EndpointSlice>>();
  readonly synced: Promise<unknown>;
  readonly #mirrors: readonly Mirror[];

  constructor(namespace: string, { mirror, onChange }: ServiceDirectoryOptions) {
    const changed = ({ metadata }: KubeObject) => onChange(namespace, metadata.name ?? '');
    const services = {
      set: (service: RoutedService) => {
        this.services.set(service.metadata.name ?? '', service);
        changed(service);
      },
      delete: (service: RoutedService) => {
        this.services.delete(service.metadata.name ?? '');
        changed(service);
      },
    };
    const slices = {
      set: (slice: EndpointSlice) => this.#withSlices(slice, onChange, (known) => known.set(slice.metadata.name ?? '', slice)),
      delete: (slice: EndpointSlice) => this.#withSlices(slice, onChange, (known) => known.delete(slice.metadata.name ?? '')),
    };
    this.#mirrors = [mirror(SERVICES, services, namespace), mirror(SLICES, slices, namespace)];
    this.synced = Promise.all(this.#mirrors.map((one) => one.start()));
  }

  stop(): void {
    for (const mirror of this.#mirrors) mirror.stop();
  }

  #withSlices(
    { metadata: { namespace = '', labels } }: EndpointSlice,
    onChange: ServiceDirectoryOptions['onChange'],
    change: (known: Map<string, EndpointSlice>) => void,
  ): void {
    const service = labels?.[SERVICE_NAME];
    if (service === undefined) return;
    const known = this.slices.get(service) ?? new Map<string, EndpointSlice>();
    change(known);
    if (known.size === 0) this.slices.delete(service);
    else this.slices.set(service, known);
    onChange(namespace, service);
  }
}
