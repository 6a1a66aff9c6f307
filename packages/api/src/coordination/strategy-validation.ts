import { type FieldError, type FieldPath, notSupported, qualifiedName } from '@keelson/machinery';
import { validateForm } from '../validation/names.js';

const known = ['OldestEmulationVersion'];

/**
 * How a leader is chosen (KEP-4355): a strategy of Kubernetes, or, with a domain, anybody's own. Errors tell of a field
 * `strategy` within `at`, which is the strategy itself: as Kubernetes has it.
 */
export function validateElectionStrategy(strategy: string, at: FieldPath): FieldError[] {
  const told = at.child('strategy');
  if (strategy.includes('/')) return validateForm(strategy, told, qualifiedName);
  return known.includes(strategy) ? [] : [notSupported(told, strategy, known)];
}
