import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { ResourceDefinition, VersionDefinition } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';

/** A kind of resource.k8s.io as each of its versions has it. */
export interface VersionedKinds<Hub extends KubeObject, Beta extends KubeObject> {
  readonly v1: KindSchema;
  readonly v1beta2: KindSchema<Hub>;
  readonly v1beta1: KindSchema<Beta>;
}

/**
 * The versions of a kind (KEP-4381): stored as v1beta2, so that servers of v1.33 can read it, which v1 has the shape of. `beta`:
 * what is particular to v1beta1, where its shape is another one.
 */
export function servedVersions<Hub extends KubeObject, Beta extends KubeObject>(
  { v1, v1beta2, v1beta1 }: VersionedKinds<Hub, Beta>,
  beta: Pick<VersionDefinition<Hub, Beta>, 'toHub' | 'fromHub' | 'defaults'> = {},
): Pick<ResourceDefinition<Hub>, 'deprecationWarning' | 'versions'> {
  const oldest: VersionDefinition<Hub, Beta> = {
    kind: v1beta1,
    ...beta,
    deprecationWarning: deprecationText(v1beta1, { deprecated: '1.35', removed: '1.38' }),
  };
  return {
    deprecationWarning: deprecationText(v1beta2, { deprecated: '1.36', removed: '1.39' }),
    versions: [{ kind: v1 }, oldest as unknown as VersionDefinition<Hub>],
  };
}
