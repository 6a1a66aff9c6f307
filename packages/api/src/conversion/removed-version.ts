import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import { apiVersionOf, type VersionDefinition } from '@keelson/server';

/** Releases that deprecated and removed a version of a kind, such as `1.19` and `1.22`. */
export interface Lifecycle {
  readonly deprecated: string;
  readonly removed: string;
  /** What the warning tells to use instead. Kubernetes leaves it out for some. */
  readonly use?: KindSchema;
}

type Conversion<Hub extends KubeObject, T extends KubeObject> = Omit<VersionDefinition<Hub, T>, 'kind' | 'deprecationWarning' | 'removed'>;

/** The warning in upstream's words. */
export function deprecationText(kind: KindSchema, { deprecated, removed, use }: Lifecycle): string {
  const warning = `${named(kind)} is deprecated in v${deprecated}+, unavailable in v${removed}+`;
  return use === undefined ? warning : `${warning}; use ${named(use)}`;
}

function named(kind: KindSchema): string {
  return `${apiVersionOf(kind)} ${kind.kind}`;
}

/** A version that only releases before v1.34 served. Without a conversion its objects have the hub's shape. */
export function removedVersion<Hub extends KubeObject, T extends KubeObject>(
  kind: KindSchema<T>,
  lifecycle: Lifecycle,
  conversion: Conversion<Hub, T> = {},
): VersionDefinition<Hub> {
  const version = { kind, removed: true, deprecationWarning: deprecationText(kind as unknown as KindSchema, lifecycle), ...conversion };
  // Whoever calls converters has decoded the object by this very kind.
  return version as unknown as VersionDefinition<Hub>;
}
