interface Condition {
  readonly type: string;
  readonly status: string;
  lastTransitionTime?: string | null;
}

/** A request that tells by conditions how it was answered. */
interface Answered<T extends Condition> {
  readonly status: { conditions?: T[] | null };
}

/** Restores conditions of these types. Where some came or went there is nothing to restore, and validation refuses them. */
export function keepConditions<T extends Condition>({ status }: Answered<T>, old: Answered<T>, types: readonly string[]): void {
  const conditions = status.conditions ?? [];
  for (const wanted of types) {
    const before = (old.status.conditions ?? []).filter(({ type }) => type === wanted);
    if (before.length !== conditions.filter(({ type }) => type === wanted).length) continue;
    const kept = before[Symbol.iterator]();
    conditions.forEach((condition, i) => {
      const next = condition.type === wanted ? kept.next() : undefined;
      if (next !== undefined && !next.done) conditions[i] = next.value;
    });
  }
}

/** Says since when conditions are as they are, where they do not say it. One that only repeats an old one is as old as that. */
function stampTransitions<T extends Condition>({ status }: Answered<T>, old: Answered<T>, now: string): void {
  for (const condition of status.conditions ?? []) {
    const before = old.status.conditions?.find(
      ({ type, status: value, lastTransitionTime }) => type === condition.type && value === condition.status && lastTransitionTime,
    );
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}

/** Dates conditions that are not dated. */
export function stampConditions<T extends Condition & { lastUpdateTime?: string | null }>(
  request: Answered<T>,
  old: Answered<T>,
  now: string,
): void {
  for (const condition of request.status.conditions ?? []) condition.lastUpdateTime ??= now;
  stampTransitions(request, old, now);
}
