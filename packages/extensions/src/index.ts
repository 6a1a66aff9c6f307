export { acceptNames, type NamesVerdict } from './conditions/accept-names.js';
export { approvalCondition } from './conditions/approval-condition.js';
export { type Condition, conditionOf, type Definition, isTrue, removeCondition, setCondition } from './conditions/definition-condition.js';
export { nonStructuralCondition } from './conditions/non-structural-condition.js';
export { CustomResourceLayer } from './serving/custom-resource-layer.js';
export { CustomResourceServer, type CustomResourceServerOptions, DEFINITIONS } from './serving/custom-resource-server.js';
