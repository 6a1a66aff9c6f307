export type { TokenReviewer } from './authentication/token-reviews.js';
export type { SubjectRules, SubjectRulesResolver } from './authorization/self-subject-rules-reviews.js';
export { type BuiltInGroupsOptions, builtInGroups, type Reviewers } from './built-in-groups.js';
export type { Component } from './core/component-status-store.js';
export type { ServiceAccountToken, ServiceAccountTokenClaims, ServiceAccountTokens } from './core/service-account-token.js';
export type { GrantedRules } from './rbac/escalation.js';
export { highestUserDefinablePriority, systemPriorityClasses } from './scheduling/system-priority-classes.js';
