import { apps } from '@keelson/schema';
import type { VersionDefinition } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { ofV1beta1, ofV1beta2 } from './early/early-lifecycle.js';
import { appsV1beta1Scale, appsV1beta2Scale } from './early/early-scale.js';
import { defaultFromTemplate, withEarlySelector, withSelector } from './early/early-selector.js';

type StatefulSet = apps.v1.StatefulSet;
type EarlyStatefulSet = apps.v1beta1.StatefulSet;

function toHub({ metadata, spec, status: { observedGeneration, ...status } }: EarlyStatefulSet): StatefulSet {
  return { metadata, spec: withSelector(spec), status: { ...status, ...(observedGeneration && { observedGeneration }) } };
}

/** The generation is printed even while there is none. */
function fromHub({ metadata, spec, status }: StatefulSet): EarlyStatefulSet {
  return { metadata, spec: withEarlySelector(spec), status: { observedGeneration: 0, ...status } };
}

/** Rolling updates came later: whoever does not ask for them deletes pods to have them replaced. */
function defaults(set: EarlyStatefulSet): void {
  defaultFromTemplate(set);
  set.spec.updateStrategy.type ||= 'OnDelete';
}

export const statefulSetVersions: readonly VersionDefinition<StatefulSet>[] = [
  removedVersion(apps.v1beta2.StatefulSet, ofV1beta2(apps.v1.StatefulSet), { subresources: { scale: appsV1beta2Scale() } }),
  removedVersion<StatefulSet, EarlyStatefulSet>(apps.v1beta1.StatefulSet, ofV1beta1(apps.v1.StatefulSet), {
    toHub,
    fromHub,
    defaults,
    subresources: { scale: appsV1beta1Scale() },
  }),
];
