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
  NodePortRepairMetrics,
  ReplicaLeases,
  replicaName,
  StorageVersionMigrator,
  SystemNamespaces,
  SystemPriorityClasses,
} from '@keelson/controllers';
import { firstServiceIp } from '@keelson/pki';
import type { ApiServer, Log } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import { firstPublicAddress } from '../../pki/ensure-serving-certificate.js';
import { aggregationLoops } from '../aggregation/aggregation-loops.js';
import type { PeerAuthorities } from '../authentication/peer-authorities.js';
import type { ApiServerOptions } from '../options.js';
import { type ControlLoop, ControlLoops, type Controller } from './control-loops.js';
import { managerControllers, type ServiceAccountControllerParts } from './manager-controllers.js';

/** What controllers share with the server that they serve. */
export interface ControllerParts {
  readonly aggregator: Aggregator;
  readonly backend: KvBackend;
  readonly peers: PeerAuthorities;
  readonly serviceAccounts: ServiceAccountControllerParts;
}

type Fail = (error: unknown) => void;

/** What several loops are made with. */
interface LoopParts {
  readonly server: ApiServer;
  readonly options: ApiServerOptions;
  readonly onFailure: Fail;
  /** The namespaces that the server's own objects are in. */
  readonly namespaces: ControlLoop;
  /** `--runtime-config` may have switched it on or off. */
  serves(group: string, version?: string): boolean;
}

/** The loops that keep the server's own objects, in the order in which kube-apiserver lists them among the checks of its health. */
export function buildControlLoops(server: ApiServer, options: ApiServerOptions, parts: ControllerParts, log: Log): ControlLoops {
  const { loopback, health, served } = server;
  const onFailure: Fail = (error) => log.error('a controller failed', { error });
  const serves: LoopParts['serves'] = (group, version = 'v1') => served.some((one) => one.group === group && one.version === version);
  const namespaces = beginning('start-system-namespaces-controller', new SystemNamespaces(loopback, onFailure));
  const ranges = beginning(
    'start-kubernetes-service-cidr-controller',
    new DefaultServiceCidr(loopback, options.services.clusterIpRanges, onFailure),
  );
  const made = { server, options, onFailure, namespaces, serves };
  const asked = managerControllers(server, options.controllers.names, parts.serviceAccounts, onFailure);
  const loops = [
    ...(serves('apiextensions.k8s.io') ? definitionLoops(server, onFailure) : []),
    namespaces,
    ...electionLoops(made),
    inNamespaces(made, 'start-cluster-authentication-info-controller', clusterAuthentication(server, parts.peers, onFailure)),
    ...identityLoops(made),
    inNamespaces(made, 'start-legacy-token-tracking-controller', new LegacyTokenTracking(loopback, onFailure)),
    repairLoop(made, ranges, log),
    ...bootstrapLoops(made, log),
    ...flowControlLoops(made),
    { ...inNamespaces(made, 'bootstrap-controller', kubernetesService(server, options, parts.backend, onFailure)), last: true },
    ranges,
    ...aggregationLoops(server, parts.aggregator, options, onFailure),
    ...(serves('storagemigration.k8s.io', 'v1alpha1') ? [{ controllers: [new StorageVersionMigrator(loopback, onFailure)] }] : []),
    ...(asked.length > 0 ? [inNamespaces(made, 'start-manager-controllers', ...asked)] : []),
  ];
  return new ControlLoops(loops, health, log);
}

function beginning(hook: string, ...controllers: Controller[]): ControlLoop {
  return { hook, controllers };
}

function inNamespaces({ namespaces }: LoopParts, hook: string, ...controllers: Controller[]): ControlLoop {
  return { hook, after: [namespaces], controllers };
}

/** All follow the definitions by themselves: the first and the last are there for those who look for them by name. */
function definitionLoops(server: ApiServer, onFailure: Fail): ControlLoop[] {
  const conditions = { hook: 'start-apiextensions-controllers', controllers: [new CustomResourceDefinitions(server, onFailure)] };
  const synced = { hook: 'crd-informer-synced', after: [conditions], controllers: [] };
  return [{ hook: 'start-apiextensions-informers', controllers: [] }, conditions, synced];
}

/** The check is there wherever the feature is on, whatever is served. */
function electionLoops(made: LoopParts): ControlLoop[] {
  const { server, options, onFailure, serves } = made;
  if (options.features.get('CoordinatedLeaderElection') !== true) return [];
  const { leadership } = options.controllers;
  const coordinators = serves('coordination.k8s.io', 'v1beta1') ? [electionCoordinator(server, leadership, onFailure)] : [];
  return [inNamespaces(made, 'start-kube-apiserver-coordinated-leader-election-controller', ...coordinators)];
}

/** One replica coordinates the elections of all. */
function electionCoordinator(
  { loopback, objects, instruments: { queues } }: ApiServer,
  times: LeadershipTimes,
  onFailure: Fail,
): Controller {
  return new Leadership({
    client: loopback,
    namespace: 'kube-system',
    name: 'leader-election-controller',
    identity: `${hostname()}_${randomUUID()}`,
    times,
    controllers: () => [
      new CoordinatedElections({ objects, client: loopback, onFailure, queues }),
      new ExpiredCandidates(loopback, onFailure),
    ],
    onFailure,
  });
}

function identityLoops(made: LoopParts): ControlLoop[] {
  const { server, options, onFailure, serves } = made;
  if (!serves('coordination.k8s.io') || options.features.get('APIServerIdentity') !== true) return [];
  const identity = { name: replicaName(hostname(), options.serving.port), hostname: hostname() };
  return [
    inNamespaces(made, 'start-kube-apiserver-identity-lease-controller', new IdentityLease(server.loopback, identity, onFailure)),
    inNamespaces(made, 'start-kube-apiserver-identity-lease-garbage-collector', new ExpiredIdentities(server.loopback, onFailure)),
  ];
}

/** Addresses and ports that services have, and that nobody has. */
function repairLoop({ server, options, onFailure, namespaces }: LoopParts, ranges: ControlLoop, log: Log): ControlLoop {
  const { loopback, groups, instruments } = server;
  const ledger = new NodePortLedger(rangeAllocationsOf(groups), options.services.nodePortRange);
  const controllers = [
    new ClusterIpRepair(loopback, onFailure),
    new NodePortRepair(loopback, ledger, log, onFailure, new NodePortRepairMetrics(instruments.registry)),
  ];
  return { hook: 'start-service-ip-repair-controllers', after: [namespaces, ranges], controllers };
}

/** What everybody relies on that it is there. */
function bootstrapLoops({ server: { loopback }, options, onFailure, serves }: LoopParts, log: Log): ControlLoop[] {
  const roles = () => beginning('rbac/bootstrap-roles', new BootstrapRoles(loopback, options.features, log, onFailure));
  const priorities = () => beginning('scheduling/bootstrap-system-priority-classes', new SystemPriorityClasses(loopback, onFailure));
  return [...(serves('rbac.authorization.k8s.io') ? [roles()] : []), ...(serves('scheduling.k8s.io') ? [priorities()] : [])];
}

function flowControlLoops({ server: { loopback }, options, onFailure, serves }: LoopParts): ControlLoop[] {
  if (!serves('flowcontrol.apiserver.k8s.io')) return [];
  const configuration = beginning('priority-and-fairness-config-producer', new FlowControlConfiguration(loopback, onFailure));
  if (!options.limits.priorityAndFairness) return [configuration];
  return [configuration, { after: [configuration], controllers: [new FlowSchemaStatus(loopback, onFailure)] }];
}

function clusterAuthentication({ loopback }: ApiServer, peers: PeerAuthorities, onFailure: Fail): Controller {
  const trust = new ClusterAuthenticationTrust(loopback, () => peers.published(), onFailure);
  peers.onChange(() => trust.publish());
  return trust;
}

function kubernetesService(
  { loopback }: ApiServer,
  { storagePolicy, services, serving }: ApiServerOptions,
  backend: KvBackend,
  onFailure: Fail,
): Controller {
  const leases = new ReplicaLeases(backend, storagePolicy.prefix, LEASE_SECONDS);
  const clusterIp = firstServiceIp(services.clusterIpRanges[0] ?? '');
  const advertiseAddress = services.keepEndpoints ? (serving.advertiseAddress ?? firstPublicAddress()) : undefined;
  return new KubernetesService(loopback, leases, { clusterIp, securePort: serving.port, advertiseAddress }, onFailure);
}
