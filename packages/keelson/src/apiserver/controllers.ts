import { NodePortLedger, rangeAllocations } from '@keelson/api';
import {
  ClusterIpRepair,
  DefaultServiceCidr,
  KubernetesService,
  LEASE_SECONDS,
  NodePortRepair,
  ReplicaLeases,
  StorageVersionMigrator,
  SystemNamespaces,
  SystemPriorityClasses,
} from '@keelson/controllers';
import type { ApiServer, Log } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import { firstServiceIp } from '../pki/alt-names.js';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import type { ApiServerOptions } from './options.js';

interface Controller {
  /** Resolves when its first round is done. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The loops that keep the server's own objects; the server is not ready before each has done its first round. */
export class Controllers {
  readonly #log: Log;
  readonly #namespaces: Controller;
  readonly #priorityClasses: Controller;
  readonly #serviceCidr: Controller;
  readonly #clusterIps: Controller;
  readonly #nodePorts: Controller;
  readonly #service: Controller;
  readonly #storageVersions: Controller;
  /** Says that a hook is done, by its name; they are listed in this order. */
  readonly #done: Readonly<Record<'namespaces' | 'repairs' | 'priorityClasses' | 'service' | 'serviceCidr', () => void>>;
  #starting: Promise<void> | undefined;

  constructor(server: ApiServer, backend: KvBackend, { storagePolicy, services, serving }: ApiServerOptions, log: Log) {
    const { loopback, health } = server;
    const hasPriorityClasses = serves(server, 'scheduling.k8s.io', 'v1');
    const onFailure = (error: unknown) => log.error('a controller failed', { error });
    this.#log = log;
    this.#namespaces = new SystemNamespaces(loopback, onFailure);
    this.#priorityClasses = hasPriorityClasses ? new SystemPriorityClasses(loopback, onFailure) : nothing;
    this.#serviceCidr = new DefaultServiceCidr(loopback, services.clusterIpRanges, onFailure);
    this.#clusterIps = new ClusterIpRepair(loopback, onFailure);
    this.#nodePorts = new NodePortRepair(loopback, new NodePortLedger(rangeAllocations, services.nodePortRange), log, onFailure);
    this.#service = new KubernetesService(
      loopback,
      new ReplicaLeases(backend, storagePolicy.prefix, LEASE_SECONDS),
      {
        clusterIp: firstServiceIp(services.clusterIpRanges[0] ?? ''),
        securePort: serving.port,
        advertiseAddress: services.keepEndpoints ? (serving.advertiseAddress ?? firstPublicAddress()) : undefined,
      },
      onFailure,
    );
    const migrates = serves(server, 'storagemigration.k8s.io', 'v1alpha1');
    this.#storageVersions = migrates ? new StorageVersionMigrator(loopback, onFailure) : nothing;
    this.#done = {
      namespaces: health.addPostStartHook('start-system-namespaces-controller'),
      repairs: health.addPostStartHook('start-service-ip-repair-controllers'),
      priorityClasses: hasPriorityClasses ? health.addPostStartHook('scheduling/bootstrap-system-priority-classes') : () => undefined,
      service: health.addPostStartHook('bootstrap-controller'),
      serviceCidr: health.addPostStartHook('start-kubernetes-service-cidr-controller'),
    };
  }

  start(): void {
    this.#starting = this.#run().catch((error: unknown) => this.#log.error('a controller did not start', { error }));
  }

  async stop(): Promise<void> {
    const loops = [this.#namespaces, this.#priorityClasses, this.#serviceCidr, this.#clusterIps, this.#nodePorts, this.#storageVersions];
    await Promise.all(loops.map((loop) => loop.stop()));
    await this.#service.stop().catch((error: unknown) => this.#log.warn('the endpoints still name this replica', { error }));
    await this.#starting;
  }

  /** What is in a namespace comes after the namespaces, what looks into ranges after the ranges. */
  async #run(): Promise<void> {
    const { namespaces, priorityClasses, service, serviceCidr, repairs } = this.#done;
    const hasNamespaces = this.#namespaces.start().then(namespaces);
    const hasRanges = this.#serviceCidr.start().then(serviceCidr);
    await Promise.all([
      this.#storageVersions.start(),
      this.#priorityClasses.start().then(priorityClasses),
      hasNamespaces.then(() => this.#service.start()).then(service),
      Promise.all([hasNamespaces, hasRanges])
        .then(() => Promise.all([this.#clusterIps.start(), this.#nodePorts.start()]))
        .then(repairs),
    ]);
  }
}

const nothing: Controller = { start: async () => undefined, stop: async () => undefined };

/** `--runtime-config` may have switched it on or off. */
function serves({ served }: ApiServer, group: string, version: string): boolean {
  return served.some((one) => one.group === group && one.version === version);
}
