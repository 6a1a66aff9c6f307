import { apps, extensions } from '@keelson/schema';
import type { VersionDefinition } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { ofV1beta1, ofV1beta2 } from './early/early-lifecycle.js';
import { defaultFromTemplate, withEarlySelector, withSelector } from './early/early-selector.js';
import { templateGenerationOf, withoutTemplateGeneration, withTemplateGeneration } from './template-generation.js';

type DaemonSet = apps.v1.DaemonSet;
type EarlyDaemonSet = extensions.v1beta1.DaemonSet;

function toHub({ metadata, spec: { templateGeneration = 0, ...spec }, status }: EarlyDaemonSet): DaemonSet {
  return { metadata: withTemplateGeneration(metadata, templateGeneration), spec: withSelector(spec), status };
}

function fromHub({ metadata, spec, status }: DaemonSet): EarlyDaemonSet {
  const templateGeneration = templateGenerationOf(metadata);
  return {
    metadata: withoutTemplateGeneration(metadata),
    spec: { ...withEarlySelector(spec), ...(templateGeneration !== 0 && { templateGeneration }) },
    status,
  };
}

/** Rolling updates came later: whoever does not ask for them deletes pods to have them replaced. */
function defaults(set: EarlyDaemonSet): void {
  defaultFromTemplate(set);
  set.spec.updateStrategy.type ||= 'OnDelete';
}

export const daemonSetVersions: readonly VersionDefinition<DaemonSet>[] = [
  removedVersion(apps.v1beta2.DaemonSet, ofV1beta2(apps.v1.DaemonSet)),
  removedVersion<DaemonSet, EarlyDaemonSet>(extensions.v1beta1.DaemonSet, ofV1beta1(apps.v1.DaemonSet), { toHub, fromHub, defaults }),
];
