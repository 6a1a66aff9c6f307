import { hostname } from 'node:os';
import { NodePortLedger, rangeAllocations } from '@keelson/api';
import {
  BootstrapRoles,
  ClusterAuthenticationTrust,
  ClusterIpRepair,
  DefaultServiceCidr,
  ExpiredIdentities,
  FlowControlConfiguration,
  IdentityLease,
  KubernetesService,
  LEASE_SECONDS,
  LegacyTokenTracking,
  NodePortRepair,
  ReplicaLeases,
  replicaName,
  StorageVersionMigrator,
  SystemNamespaces,
  SystemPriorityClasses,
} from '@keelson/controllers';
import type { ApiServer, Log } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import { firstServiceIp } from '../pki/alt-names.js';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import { managerControllers, type ServiceAccountControllerParts } from './manager-controllers.js';
import type { ApiServerOptions } from './options.js';
import type { PeerAuthorities } from './peer-authorities.js';

/** What controllers share with the server that they serve. */
export interface ControllerParts {
  readonly peers: PeerAuthorities;
  readonly serviceAccounts: ServiceAccountControllerParts;
}

export interface Controller {
  /** Resolves when its first round is done. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The loops that keep the server's own objects; the server is not ready before each has done its first round. */
export class Controllers {
  readonly #server: ApiServer;
  readonly #log: Log;
  readonly #loops: Controller[] = [];
  readonly #service: Controller;
  /** Resolves when all have done their first round. */
  readonly #startAll: () => Promise<void>;
  #starting: Promise<void> | undefined;

  constructor(server: ApiServer, backend: KvBackend, options: ApiServerOptions, { peers, serviceAccounts }: ControllerParts, log: Log) {
    const { loopback, health } = server;
    const { services, authorization } = options;
    const onFailure = (error: unknown) => log.error('a controller failed', { error });
    this.#server = server;
    this.#log = log;
    this.#service = kubernetesService(server, backend, options, onFailure);
    const ledger = new NodePortLedger(rangeAllocations, services.nodePortRange);
    // Health lists the hooks in this order, which is kube-apiserver's.
    const namespaces = this.#loop(new SystemNamespaces(loopback, onFailure), 'start-system-namespaces-controller');
    const trust = new ClusterAuthenticationTrust(loopback, () => peers.published(), onFailure);
    peers.onChange(() => trust.publish());
    const trusted = this.#loop(trust, 'start-cluster-authentication-info-controller');
    const servesLeases = this.#serves('coordination.k8s.io', 'v1');
    const identity = { name: replicaName(hostname(), options.serving.port), hostname: hostname() };
    const identityLease = servesLeases
      ? this.#loop(new IdentityLease(loopback, identity, onFailure), 'start-kube-apiserver-identity-lease-controller')
      : nothing;
    const expiredIdentities = servesLeases
      ? this.#loop(new ExpiredIdentities(loopback, onFailure), 'start-kube-apiserver-identity-lease-garbage-collector')
      : nothing;
    const tracking = this.#loop(new LegacyTokenTracking(loopback, onFailure), 'start-legacy-token-tracking-controller');
    const repaired = health.addPostStartHook('start-service-ip-repair-controllers');
    const clusterIps = this.#loop(new ClusterIpRepair(loopback, onFailure));
    const nodePorts = this.#loop(new NodePortRepair(loopback, ledger, log, onFailure));
    const roles =
      authorization.modes.includes('RBAC') && this.#serves('rbac.authorization.k8s.io', 'v1')
        ? this.#loop(new BootstrapRoles(loopback, log, onFailure), 'rbac/bootstrap-roles')
        : nothing;
    const priorityClasses = this.#serves('scheduling.k8s.io', 'v1')
      ? this.#loop(new SystemPriorityClasses(loopback, onFailure), 'scheduling/bootstrap-system-priority-classes')
      : nothing;
    const flowControl = this.#serves('flowcontrol.apiserver.k8s.io', 'v1')
      ? this.#loop(new FlowControlConfiguration(loopback, onFailure), 'priority-and-fairness-config-producer')
      : nothing;
    const published = health.addPostStartHook('bootstrap-controller');
    const ranges = this.#loop(
      new DefaultServiceCidr(loopback, services.clusterIpRanges, onFailure),
      'start-kubernetes-service-cidr-controller',
    );
    const storageVersions = this.#serves('storagemigration.k8s.io', 'v1alpha1')
      ? this.#loop(new StorageVersionMigrator(loopback, onFailure))
      : nothing;
    const asked = managerControllers(server, options.controllers.names, serviceAccounts, onFailure).map((one) => this.#loop(one));
    const started = asked.length === 0 ? undefined : health.addPostStartHook('start-manager-controllers');
    // What is in a namespace comes after the namespaces, what looks into ranges after the ranges.
    this.#startAll = async () => {
      const hasNamespaces = namespaces();
      const hasBoth = Promise.all([hasNamespaces, ranges()]);
      await Promise.all([
        roles(),
        priorityClasses(),
        flowControl(),
        storageVersions(),
        hasNamespaces.then(() => this.#service.start()).then(published),
        hasNamespaces.then(trusted),
        hasNamespaces.then(identityLease).then(expiredIdentities),
        hasNamespaces.then(tracking),
        hasNamespaces.then(() => Promise.all(asked.map((start) => start()))).then(started),
        hasBoth.then(() => Promise.all([clusterIps(), nodePorts()])).then(repaired),
      ]);
    };
  }

  start(): void {
    this.#starting = this.#startAll().catch((error: unknown) => this.#log.error('a controller did not start', { error }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#service.stop().catch((error: unknown) => this.#log.warn('the endpoints still name this replica', { error }));
    await this.#starting;
  }

  /** Returns how to start it; the server is not ready before the hook, where there is one, is done. */
  #loop(controller: Controller, hook?: string): () => Promise<void> {
    this.#loops.push(controller);
    const done = hook === undefined ? undefined : this.#server.health.addPostStartHook(hook);
    return () => controller.start().then(done);
  }

  /** `--runtime-config` may have switched it on or off. */
  #serves(group: string, version: string): boolean {
    return this.#server.served.some((one) => one.group === group && one.version === version);
  }
}

const nothing = async () => undefined;

function kubernetesService(
  { loopback }: ApiServer,
  backend: KvBackend,
  { storagePolicy, services, serving }: ApiServerOptions,
  onFailure: (error: unknown) => void,
): Controller {
  const leases = new ReplicaLeases(backend, storagePolicy.prefix, LEASE_SECONDS);
  const clusterIp = firstServiceIp(services.clusterIpRanges[0] ?? '');
  const advertiseAddress = services.keepEndpoints ? (serving.advertiseAddress ?? firstPublicAddress()) : undefined;
  return new KubernetesService(loopback, leases, { clusterIp, securePort: serving.port, advertiseAddress }, onFailure);
}
