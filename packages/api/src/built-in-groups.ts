import type { ApiGroup } from '@keelson/server';
import { appsGroup } from './apps/group.js';
import { autoscalingGroup } from './autoscaling/group.js';
import { batchGroup } from './batch/group.js';
import { coordinationGroup } from './coordination/group.js';
import type { Component } from './core/component-status-store.js';
import { createEvents } from './core/events.js';
import { coreGroup } from './core/group.js';
import type { ServiceAccountTokens } from './core/service-account-token.js';
import type { PortRange } from './core/services/node-port-allocator.js';
import { discoveryGroup } from './discovery/group.js';
import { eventsGroup } from './events/group.js';
import { networkingGroup } from './networking/group.js';
import { ipAddresses } from './networking/ip-addresses.js';
import { serviceCidrs } from './networking/service-cidrs.js';
import { nodeGroup } from './node/group.js';
import { policyGroup } from './policy/group.js';
import { podDisruptionBudgets } from './policy/pod-disruption-budgets.js';
import { rbacGroup } from './rbac/group.js';
import { schedulingGroup } from './scheduling/group.js';
import { storageGroup } from './storage/group.js';

/** What the built-in groups are told of the server they are part of. */
export interface BuiltInGroupsOptions {
  /** How long events are kept. */
  readonly eventTtlSeconds: number;
  /** `--service-cluster-ip-range`: one range of one or of each IP family, the default family first. */
  readonly clusterIpRanges: readonly string[];
  /** `--service-node-port-range`. */
  readonly nodePortRange: PortRange;
  /** Signs tokens of service accounts; absent: there are none to be had. */
  readonly serviceAccountTokens?: ServiceAccountTokens;
  /** What `componentstatuses` tells the health of. */
  readonly components?: readonly Component[];
}

/** Every built-in group, in discovery order. */
export function builtInGroups(options: BuiltInGroupsOptions): readonly ApiGroup[] {
  const events = createEvents({ ttlSeconds: options.eventTtlSeconds });
  return [
    coreGroup({ ...options, events, ipAddresses, serviceCidrs, disruptionBudgets: podDisruptionBudgets }),
    appsGroup,
    eventsGroup(events),
    autoscalingGroup,
    batchGroup,
    networkingGroup,
    policyGroup,
    rbacGroup,
    storageGroup,
    schedulingGroup,
    coordinationGroup,
    nodeGroup,
    discoveryGroup,
  ];
}
