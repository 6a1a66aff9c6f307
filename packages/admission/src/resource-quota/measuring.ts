/** For whoever measures what is used of quotas. */
export { type Amounts, amountTexts, excess, parseAmounts, pick, sameAmounts, sum } from './amounts.js';
export { matchesScope, type QuotaEvaluator } from './evaluators/evaluator.js';
export { evaluatorFor, measuredResource } from './evaluators/evaluator-for.js';
export { type Scope, scopesOf } from './scope.js';
