export { acceptNames, type NamesVerdict } from './conditions/accept-names.js';
export { approvalCondition } from './conditions/approval-condition.js';
export { type Condition, conditionOf, type Definition, isTrue, setCondition } from './conditions/definition-condition.js';
export { CustomResourceLayer } from './serving/custom-resource-layer.js';
export { CustomResourceServer, type CustomResourceServerOptions, DEFINITIONS } from './serving/custom-resource-server.js';
