export { approvalOf, isProtectedGroup } from './apiextensions/approval-validation.js';
export { instanceCleanupFinalizer } from './apiextensions/custom-resource-definitions.js';
export { validateStructural } from './apiextensions/structural-validation.js';
export { validateKindSchema } from './apiextensions/versions-validation.js';
export type { TokenReviewer } from './authentication/token-reviews.js';
export type { SubjectRules, SubjectRulesResolver } from './authorization/self-subject-rules-reviews.js';
export { type BuiltInGroupsOptions, builtInGroups, type Reviewers } from './built-in-groups.js';
export type { Component, ComponentHealth } from './core/component-status-store.js';
export { type KubeletOptions, Kubelets, type KubeletTls } from './core/connect/destinations/kubelets.js';
export { rangeAllocationsOf } from './core/range-allocations.js';
export type { ServiceAccountTokens } from './core/service-account-token.js';
export { AllocationMetrics } from './core/services/allocation-metrics.js';
export { formatPortRange, NodePortLedger, type PortRange } from './core/services/node-port-ledger.js';
export type { PortBitmap } from './core/services/port-bitmap.js';
export {
  type IpOwner,
  isLabelledAddress,
  isManagedAddress,
  isSameOwner,
  serviceAddress,
  serviceOfAddress,
} from './core/services/service-address.js';
export { heldIps, heldPorts } from './core/services/service-holdings.js';
export { offersServiceIp } from './core/services/service-ip-range.js';
export { mandatoryFlowSchemaSpecs, mandatoryPriorityLevelSpecs } from './flowcontrol/mandatory-specs.js';
export { formatIp, type IpAddress, parseIp } from './net/ip-address.js';
export { formatIpRange, type IpRange, parseIpRange } from './net/ip-range.js';
export type { GrantedRules } from './rbac/escalation.js';
export { missingRules } from './rbac/policy-rules.js';
export { systemPriorityClasses } from './scheduling/system-priority-classes.js';
export { caBundleProblem } from './webhook/ca-bundle-problem.js';
