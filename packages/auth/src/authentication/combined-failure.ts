import { aggregate } from '@keelson/machinery';

/** What to throw when several ways to know a user have failed: what each of them said. At least one. */
export function combinedFailure(failures: readonly unknown[]): unknown {
  const each = failures.flatMap((failure) => (failure instanceof AggregateError ? (failure.errors as unknown[]) : [failure]));
  return each.length === 1 ? each[0] : new AggregateError(each, aggregate(each.map(messageOf)));
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
