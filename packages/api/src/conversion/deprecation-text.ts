import type { KindSchema } from '@keelson/schema';
import { apiVersionOf } from '@keelson/server';

/** Releases that deprecated and removed a version of a kind, such as `1.19` and `1.22`. */
export interface Lifecycle {
  readonly deprecated: string;
  readonly removed?: string;
  /** What the warning tells to use instead. Kubernetes leaves it out for some. */
  readonly use?: KindSchema;
}

/** The warning in upstream's words. */
export function deprecationText(kind: KindSchema, { deprecated, removed, use }: Lifecycle): string {
  const unavailable = removed === undefined ? '' : `, unavailable in v${removed}+`;
  return `${named(kind)} is deprecated in v${deprecated}+${unavailable}${use === undefined ? '' : `; use ${named(use)}`}`;
}

function named(kind: KindSchema): string {
  return `${apiVersionOf(kind)} ${kind.kind}`;
}
