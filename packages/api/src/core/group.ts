import type { Features } from '@keelson/machinery';
import { type ApiGroup, defineGroup, type Resource } from '@keelson/server';
import type { OwnResources } from '../own-resources.js';
import { createBindings } from './bindings.js';
import { BoundObjects } from './bound-objects.js';
import type { Component } from './component-status-store.js';
import { createComponentStatuses } from './component-statuses.js';
import { configMaps } from './config-maps.js';
import { defaultKubelets, Kubelets } from './connect/destinations/kubelets.js';
import { endpoints } from './endpoints.js';
import { limitRanges } from './limit-ranges.js';
import { namespaces } from './namespaces.js';
import { createNodes } from './nodes.js';
import { podTemplates } from './pod-templates.js';
import { createPods } from './pods/pods.js';
import { rangeAllocations } from './range-allocations.js';
import { replicationControllers } from './replication-controllers.js';
import { resourceQuotas } from './resource-quotas.js';
import { secrets } from './secrets.js';
import type { ServiceAccountTokens } from './service-account-token.js';
import { createServiceAccounts } from './service-accounts.js';
import type { AllocationMetrics } from './services/allocation-metrics.js';
import { ClusterIpAllocator } from './services/cluster-ip-allocator.js';
import { NodePortAllocator } from './services/node-port-allocator.js';
import { NodePortLedger, type PortRange } from './services/node-port-ledger.js';
import { ServiceAllocator } from './services/service-allocator.js';
import { createServices } from './services/services.js';
import { persistentVolumeClaims } from './volumes/persistent-volume-claims.js';
import { persistentVolumes } from './volumes/persistent-volumes.js';

export interface CoreGroupOptions {
  /** Copies of what all servers of a process have in common. */
  readonly own: OwnResources;
  readonly features: Features;
  /** Also served by the events.k8s.io group. */
  readonly events: Resource;
  /** Whom evictions ask. */
  readonly disruptionBudgets: Resource;
  /** Objects that stand for addresses in use, and ranges to take addresses from. */
  readonly ipAddresses: Resource;
  readonly serviceCidrs: Resource;
  /** `--service-cluster-ip-range`: one range of one or of each IP family, the default family first. */
  readonly clusterIpRanges: readonly string[];
  /** `--service-node-port-range`. */
  readonly nodePortRange: PortRange;
  /** Signs tokens of service accounts; absent: there are none to be had. */
  readonly serviceAccountTokens?: ServiceAccountTokens;
  /** Reached for logs, consoles and ports of pods; absent: those of nodes as they are by default, unknown to them. */
  readonly kubelets?: Kubelets;
  /** What `componentstatuses` tells the health of. */
  readonly components?: readonly Component[];
  /** Where it is counted what services get. */
  readonly allocations?: AllocationMetrics;
}

/** The core group, served below /api. */
export function coreGroup(options: CoreGroupOptions): ApiGroup {
  const { kubelets = new Kubelets(defaultKubelets) } = options;
  const nodes = createNodes(kubelets);
  const pods = createPods(options.disruptionBudgets, options.features, { nodes, kubelets });
  const { own, ipAddresses, serviceCidrs, clusterIpRanges: ranges, allocations } = options;
  const [ownEndpoints, ownRanges, ownSecrets] = [own.of(endpoints), own.of(rangeAllocations), own.of(secrets)];
  const ips = new ClusterIpAllocator({ ipAddresses, serviceCidrs, ranges, metrics: allocations?.clusterIps });
  const nodePorts = new NodePortAllocator(new NodePortLedger(ownRanges, options.nodePortRange), allocations?.nodePorts);
  return defineGroup({
    group: '',
    priority: 18000,
    versions: [{ version: 'v1', priority: 1, enabledByDefault: true }],
    resources: [
      createBindings(pods),
      createComponentStatuses(options.components ?? []),
      own.of(configMaps),
      ownEndpoints,
      options.events,
      own.of(limitRanges),
      own.of(namespaces),
      nodes,
      own.of(persistentVolumeClaims),
      own.of(persistentVolumes),
      pods,
      own.of(podTemplates),
      ownRanges,
      own.of(replicationControllers),
      own.of(resourceQuotas),
      ownSecrets,
      createServiceAccounts(options.serviceAccountTokens, new BoundObjects(pods, ownSecrets, nodes)),
      createServices(new ServiceAllocator(ips, nodePorts), options.features, { endpoints: ownEndpoints, pods, agents: kubelets.agents }),
    ],
  });
}
