export { Aggregator, type AggregatorOptions } from './aggregator.js';
export { AggregatorLayer } from './aggregator-layer.js';
export { API_SERVICES, type APIService, apiServiceName, availableCondition, isAvailable, type Verdict } from './api-service.js';
export type { ClientCertificate } from './backend/backend-access.js';
