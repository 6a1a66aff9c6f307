import { type FieldError, type FieldPath, invalidField, qualifiedName } from '@keelson/machinery';
import { validateForm } from '../validation/names.js';

const known = 'OldestEmulationVersion';

/** How a leader is chosen (KEP-4355): a strategy of Kubernetes, or, with a domain, anybody's own. */
export function validateElectionStrategy(strategy: string, at: FieldPath): FieldError[] {
  const errors = validateForm(strategy, at, qualifiedName);
  const ours = !strategy.includes('/') || /^(?:.*\.)?(?:k8s|kubernetes)\.io\//.test(strategy);
  if (ours && strategy !== known) errors.push(invalidField(at, strategy, 'must be a valid strategy or a domain-prefixed custom strategy'));
  return errors;
}
