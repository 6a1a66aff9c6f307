/** Why an expression of a policy gave no answer. What a validation denies counts as `invalid_error`, too. */
export type PolicyErrorType = 'compile_error' | 'invalid_error' | 'out_of_budget' | 'no_error';

/** Counts what policies do. */
export interface PolicyEvents {
  /** A validation that does not hold, or could not be evaluated. */
  validated(policy: string, binding: string, error: PolicyErrorType, action: 'allow' | 'deny' | 'audit' | 'warn', durationMs: number): void;
  mutated(policy: string, binding: string, error: PolicyErrorType, durationMs: number): void;
}

/** By how the message about it begins. */
export function errorTypeOf(message: string): PolicyErrorType {
  if (message.startsWith('compilation')) return 'compile_error';
  return message.startsWith('validation failed due to running out of cost budget') ? 'out_of_budget' : 'invalid_error';
}
