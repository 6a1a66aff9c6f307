/** Why a pod breaks a standard. */
export interface Violation {
  /** Short: `host namespaces`. */
  readonly reason: string;
  /** What exactly breaks it: `hostNetwork=true`. */
  readonly detail: string;
}

/** What is said of one pod. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

/** What is said of many. */
export function summarizeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason }) => reason).join(', ');
}
