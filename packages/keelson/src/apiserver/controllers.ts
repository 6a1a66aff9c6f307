import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Aggregator } from '@keelson/aggregator';
import { NodePortLedger, rangeAllocationsOf } from '@keelson/api';
import {
  BootstrapRoles,
  ClusterAuthenticationTrust,
  ClusterIpRepair,
  CoordinatedElections,
  CustomResourceDefinitions,
  DefaultServiceCidr,
  ExpiredCandidates,
  ExpiredIdentities,
  FlowControlConfiguration,
  FlowSchemaStatus,
  IdentityLease,
  KubernetesService,
  LEASE_SECONDS,
  Leadership,
  type LeadershipTimes,
  LegacyTokenTracking,
  NodePortRepair,
  ReplicaLeases,
  replicaName,
  StorageVersionMigrator,
  SystemNamespaces,
  SystemPriorityClasses,
} from '@keelson/controllers';
import { firstServiceIp } from '@keelson/pki';
import type { ApiServer, Log } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import { aggregationLoops } from './aggregation/aggregation-loops.js';
import type { PeerAuthorities } from './authentication/peer-authorities.js';
import { type ControlLoop, ControlLoops, type Controller } from './control-loops.js';
import { managerControllers, type ServiceAccountControllerParts } from './manager-controllers.js';
import type { ApiServerOptions } from './options.js';

/** What controllers share with the server that they serve. */
export interface ControllerParts {
  readonly aggregator: Aggregator;
  readonly backend: KvBackend;
  readonly peers: PeerAuthorities;
  readonly serviceAccounts: ServiceAccountControllerParts;
}

/** The loops that keep the server's own objects, in the order in which kube-apiserver lists them among the checks of its health. */
export function controlLoops(server: ApiServer, options: ApiServerOptions, parts: ControllerParts, log: Log): ControlLoops {
  const { loopback, health } = server;
  const { services, serving } = options;
  const onFailure = (error: unknown) => log.error('a controller failed', { error });
  /** `--runtime-config` may have switched it on or off. */
  const serves = (group: string, version = 'v1') => server.served.some((one) => one.group === group && one.version === version);
  const keepsIdentity = serves('coordination.k8s.io') && options.features.get('APIServerIdentity') === true;
  const hasRoles = serves('rbac.authorization.k8s.io');
  const identity = { name: replicaName(hostname(), serving.port), hostname: hostname() };
  const ledger = new NodePortLedger(rangeAllocationsOf(server.groups), services.nodePortRange);
  const ranges: ControlLoop = {
    hook: 'start-kubernetes-service-cidr-controller',
    controllers: [new DefaultServiceCidr(loopback, services.clusterIpRanges, onFailure)],
  };
  const namespaces: ControlLoop = {
    hook: 'start-system-namespaces-controller',
    controllers: [new SystemNamespaces(loopback, onFailure)],
  };
  const inNamespaces = (hook: string, ...controllers: Controller[]): ControlLoop => ({ hook, after: [namespaces], controllers });
  const always = (hook: string, ...controllers: Controller[]): ControlLoop => ({ hook, controllers });
  const when = (condition: boolean, make: () => ControlLoop): ControlLoop[] => (condition ? [make()] : []);
  const asked = managerControllers(server, options.controllers.names, parts.serviceAccounts, onFailure);
  const flowControl = when(serves('flowcontrol.apiserver.k8s.io'), () =>
    always('priority-and-fairness-config-producer', new FlowControlConfiguration(loopback, onFailure)),
  );
  const loops = [
    ...(serves('apiextensions.k8s.io') ? definitionLoops(server, onFailure) : []),
    namespaces,
    ...when(options.features.get('CoordinatedLeaderElection') === true, () =>
      inNamespaces(
        'start-kube-apiserver-coordinated-leader-election-controller',
        ...(serves('coordination.k8s.io', 'v1beta1') ? [electionCoordinator(server, options.controllers.leadership, onFailure)] : []),
      ),
    ),
    inNamespaces('start-cluster-authentication-info-controller', clusterAuthentication(server, parts.peers, onFailure)),
    ...when(keepsIdentity, () =>
      inNamespaces('start-kube-apiserver-identity-lease-controller', new IdentityLease(loopback, identity, onFailure)),
    ),
    ...when(keepsIdentity, () =>
      inNamespaces('start-kube-apiserver-identity-lease-garbage-collector', new ExpiredIdentities(loopback, onFailure)),
    ),
    inNamespaces('start-legacy-token-tracking-controller', new LegacyTokenTracking(loopback, onFailure)),
    {
      hook: 'start-service-ip-repair-controllers',
      after: [namespaces, ranges],
      controllers: [new ClusterIpRepair(loopback, onFailure), new NodePortRepair(loopback, ledger, log, onFailure)],
    },
    ...when(hasRoles, () => always('rbac/bootstrap-roles', new BootstrapRoles(loopback, options.features, log, onFailure))),
    ...when(serves('scheduling.k8s.io'), () =>
      always('scheduling/bootstrap-system-priority-classes', new SystemPriorityClasses(loopback, onFailure)),
    ),
    ...flowControl,
    ...when(flowControl.length > 0 && options.limits.priorityAndFairness, () => ({
      after: flowControl,
      controllers: [new FlowSchemaStatus(loopback, onFailure)],
    })),
    { ...inNamespaces('bootstrap-controller', kubernetesService(server, options, parts.backend, onFailure)), last: true },
    ranges,
    ...aggregationLoops(server, parts.aggregator, options, onFailure),
    ...when(serves('storagemigration.k8s.io', 'v1alpha1'), () => ({ controllers: [new StorageVersionMigrator(loopback, onFailure)] })),
    ...when(asked.length > 0, () => inNamespaces('start-manager-controllers', ...asked)),
  ];
  return new ControlLoops(loops, health, log);
}

/** All follow the definitions by themselves: the first and the last are there for those who look for them by name. */
function definitionLoops(server: ApiServer, onFailure: (error: unknown) => void): ControlLoop[] {
  const conditions = { hook: 'start-apiextensions-controllers', controllers: [new CustomResourceDefinitions(server, onFailure)] };
  const synced = { hook: 'crd-informer-synced', after: [conditions], controllers: [] };
  return [{ hook: 'start-apiextensions-informers', controllers: [] }, conditions, synced];
}

/** One replica coordinates the elections of all. */
function electionCoordinator({ loopback, objects }: ApiServer, times: LeadershipTimes, onFailure: (error: unknown) => void): Controller {
  return new Leadership({
    client: loopback,
    namespace: 'kube-system',
    name: 'leader-election-controller',
    identity: `${hostname()}_${randomUUID()}`,
    times,
    controllers: () => [new CoordinatedElections({ objects, client: loopback, onFailure }), new ExpiredCandidates(loopback, onFailure)],
    onFailure,
  });
}

function clusterAuthentication({ loopback }: ApiServer, peers: PeerAuthorities, onFailure: (error: unknown) => void): Controller {
  const trust = new ClusterAuthenticationTrust(loopback, () => peers.published(), onFailure);
  peers.onChange(() => trust.publish());
  return trust;
}

function kubernetesService(
  { loopback }: ApiServer,
  { storagePolicy, services, serving }: ApiServerOptions,
  backend: KvBackend,
  onFailure: (error: unknown) => void,
): Controller {
  const leases = new ReplicaLeases(backend, storagePolicy.prefix, LEASE_SECONDS);
  const clusterIp = firstServiceIp(services.clusterIpRanges[0] ?? '');
  const advertiseAddress = services.keepEndpoints ? (serving.advertiseAddress ?? firstPublicAddress()) : undefined;
  return new KubernetesService(loopback, leases, { clusterIp, securePort: serving.port, advertiseAddress }, onFailure);
}
