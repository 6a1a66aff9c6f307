export { type BuiltInGroupsOptions, builtInGroups } from './built-in-groups.js';
export type { Component } from './core/component-status-store.js';
export type { ServiceAccountToken, ServiceAccountTokenClaims, ServiceAccountTokens } from './core/service-account-token.js';
export { highestUserDefinablePriority, systemPriorityClasses } from './scheduling/system-priority-classes.js';
