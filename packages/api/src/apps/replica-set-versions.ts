import { apps, extensions } from '@keelson/schema';
import type { VersionDefinition } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { ofV1beta1, ofV1beta2 } from './early/early-lifecycle.js';
import { appsV1beta2Scale, extensionsScale } from './early/early-scale.js';
import { defaultFromTemplate, withEarlySelector, withSelector } from './early/early-selector.js';

type ReplicaSet = apps.v1.ReplicaSet;
type EarlyReplicaSet = extensions.v1beta1.ReplicaSet;

export const replicaSetVersions: readonly VersionDefinition<ReplicaSet>[] = [
  removedVersion(apps.v1beta2.ReplicaSet, ofV1beta2(apps.v1.ReplicaSet), { subresources: { scale: appsV1beta2Scale() } }),
  removedVersion<ReplicaSet, EarlyReplicaSet>(extensions.v1beta1.ReplicaSet, ofV1beta1(apps.v1.ReplicaSet), {
    toHub: ({ spec, ...set }) => ({ ...set, spec: withSelector(spec) }),
    fromHub: ({ spec, ...set }) => ({ ...set, spec: withEarlySelector(spec) }),
    defaults: defaultFromTemplate,
    subresources: { scale: extensionsScale() },
  }),
];
