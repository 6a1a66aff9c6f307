import type { certificates } from '@keelson/schema';

type Request = certificates.v1.CertificateSigningRequest;

/** Restores conditions of these types. Where some came or went there is nothing to restore, and validation refuses them. */
export function keepConditions({ status }: Request, old: Request, types: readonly string[]): void {
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

/** Dates conditions that are not dated. One that only repeats an old one is as old as that. */
export function stampConditions({ status }: Request, old: Request, now: string): void {
  for (const condition of status.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    const before = old.status.conditions?.find(
      ({ type, status: value, lastTransitionTime }) => type === condition.type && value === condition.status && lastTransitionTime !== null,
    );
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}
