export type { RequestInfo } from './filters/request-info.js';
export type { Filter, Handler, KeelsonContext, Outcome, UpgradedConnection } from './http/context.js';
export { RequestState } from './http/context.js';
export { Query } from './http/query.js';
