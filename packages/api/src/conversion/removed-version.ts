import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { VersionDefinition } from '@keelson/server';
import { deprecationText, type Lifecycle } from './deprecation-text.js';

type Conversion<Hub extends KubeObject, T extends KubeObject> = Omit<VersionDefinition<Hub, T>, 'kind' | 'deprecationWarning' | 'removed'>;

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
