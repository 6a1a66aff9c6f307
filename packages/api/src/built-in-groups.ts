import { type Authorizer, defaultFeatures, type Features, type SignerAccess } from '@keelson/machinery';
import type { ApiGroup } from '@keelson/server';
import { admissionRegistrationGroup } from './admissionregistration/group.js';
import { apiExtensionsGroup } from './apiextensions/group.js';
import { apiRegistrationGroup } from './apiregistration/group.js';
import { apiServerInternalGroup } from './apiserverinternal/group.js';
import { appsGroup } from './apps/group.js';
import { authenticationGroup } from './authentication/group.js';
import type { TokenReviewer } from './authentication/token-reviews.js';
import { authorizationGroup } from './authorization/group.js';
import type { SubjectRulesResolver } from './authorization/self-subject-rules-reviews.js';
import { autoscalingGroup } from './autoscaling/group.js';
import { batchGroup } from './batch/group.js';
import { certificatesGroup } from './certificates/group.js';
import { coordinationGroup } from './coordination/group.js';
import type { Component } from './core/component-status-store.js';
import type { Kubelets } from './core/connect/destinations/kubelets.js';
import { createEvents } from './core/events.js';
import { coreGroup } from './core/group.js';
import { namespaces } from './core/namespaces.js';
import type { ServiceAccountTokens } from './core/service-account-token.js';
import type { AllocationMetrics } from './core/services/allocation-metrics.js';
import type { PortRange } from './core/services/node-port-ledger.js';
import { discoveryGroup } from './discovery/group.js';
import { eventsGroup } from './events/group.js';
import { extensionsGroup } from './extensions/group.js';
import { flowControlGroup } from './flowcontrol/group.js';
import { networkingGroup } from './networking/group.js';
import { ipAddresses } from './networking/ip-addresses.js';
import { serviceCidrs } from './networking/service-cidrs.js';
import { nodeGroup } from './node/group.js';
import { OwnResources } from './own-resources.js';
import { clusterPolicy } from './pod/cluster-policy.js';
import { policyGroup } from './policy/group.js';
import { podDisruptionBudgets } from './policy/pod-disruption-budgets.js';
import { EscalationGuard, type GrantedRules } from './rbac/escalation.js';
import { rbacGroup } from './rbac/group.js';
import { resourceGroup } from './resource/group.js';
import { schedulingGroup } from './scheduling/group.js';
import { storageGroup } from './storage/group.js';
import { storageMigrationGroup } from './storagemigration/group.js';

export interface Reviewers {
  readonly tokenReviewer: TokenReviewer;
  /** The one that decides on requests. */
  readonly authorizer: Authorizer;
  readonly subjectRules: SubjectRulesResolver;
  /** What roles grant; absent: whoever may write roles and bindings may grant anything. */
  readonly grantedRules?: GrantedRules;
  /** Who may act in the name of signers of certificates; absent: whoever may write what they sign. */
  readonly signers?: SignerAccess;
}

/** What the built-in groups are told of the server they are part of. */
export interface BuiltInGroupsOptions {
  /** Whether containers may be privileged; default true. */
  readonly allowPrivileged?: boolean;
  /** Those of Kubernetes when absent. */
  readonly features?: Features;
  /** How long events are kept. */
  readonly eventTtlSeconds: number;
  /** `--service-cluster-ip-range`: one range of one or of each IP family, the default family first. */
  readonly clusterIpRanges: readonly string[];
  /** `--service-node-port-range`. */
  readonly nodePortRange: PortRange;
  /** What answers reviews of users and their rights; absent: nobody does, and those groups are not there. */
  readonly reviewers?: Reviewers;
  /** Signs tokens of service accounts; absent: there are none to be had. */
  readonly serviceAccountTokens?: ServiceAccountTokens;
  /** Whether new objects may have to wait for initializers; default false. */
  readonly initializers?: boolean;
  /** Reached for logs, consoles and ports of pods. */
  readonly kubelets?: Kubelets;
  /** What `componentstatuses` tells the health of. */
  readonly components?: readonly Component[];
  /** Where it is counted what services get. */
  readonly allocations?: AllocationMetrics;
}

/** Every built-in group, in discovery order, for one server: another one in the same process needs its own. */
export function builtInGroups(options: BuiltInGroupsOptions): readonly ApiGroup[] {
  const { reviewers, allowPrivileged = true, features = defaultFeatures } = options;
  clusterPolicy.allowPrivileged = allowPrivileged;
  const own = new OwnResources();
  const events = own.of(createEvents({ ttlSeconds: options.eventTtlSeconds }));
  const core = coreGroup({
    ...options,
    features,
    own,
    events,
    ipAddresses: own.of(ipAddresses),
    serviceCidrs: own.of(serviceCidrs),
    disruptionBudgets: own.of(podDisruptionBudgets),
  });
  const others = [
    apiRegistrationGroup,
    appsGroup,
    eventsGroup(events),
    ...(reviewers === undefined ? [] : [authenticationGroup(reviewers.tokenReviewer), authorizationGroup(reviewers)]),
    autoscalingGroup,
    batchGroup,
    certificatesGroup(reviewers?.signers),
    networkingGroup,
    extensionsGroup,
    policyGroup,
    rbacGroup(reviewers?.grantedRules && new EscalationGuard(reviewers.grantedRules, reviewers.authorizer)),
    storageGroup,
    admissionRegistrationGroup({ initializers: options.initializers ?? false }),
    apiExtensionsGroup,
    schedulingGroup,
    coordinationGroup,
    nodeGroup,
    discoveryGroup,
    resourceGroup(own.of(namespaces)),
    flowControlGroup,
    apiServerInternalGroup,
    storageMigrationGroup,
  ];
  return [core, ...others.map((group) => own.in(group))];
}
