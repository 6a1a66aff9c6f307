import { dns1123Label, hasFeature, path } from '@keelson/machinery';
import { apps, type core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, wide } from '@keelson/server';
import { gatedInPodSpec, gatedInStatefulSets } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings, templateWarnings } from '../pod/template-warnings.js';
import { defaultClaimSpec } from '../pod/volume-defaults.js';
import { claimSpecWarnings } from '../warnings/claim-warnings.js';
import { defaultPropagation } from './default-propagation.js';
import { replicaScale } from './replica-scale.js';
import { statefulSetVersions } from './stateful-set-versions.js';
import { validateStatefulSet, validateStatefulSetStatus } from './stateful-sets-validation.js';

type StatefulSet = apps.v1.StatefulSet;
type PodSpec = core.v1.PodSpec;

function defaults({ spec }: StatefulSet): void {
  spec.podManagementPolicy ||= 'OrderedReady';
  if (!spec.updateStrategy.type) {
    spec.updateStrategy.type = 'RollingUpdate';
    spec.updateStrategy.rollingUpdate ??= {};
  }
  if (spec.updateStrategy.type === 'RollingUpdate' && spec.updateStrategy.rollingUpdate) {
    spec.updateStrategy.rollingUpdate.partition ??= 0;
    if (hasFeature('MaxUnavailableStatefulSet')) spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain';
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  defaultPodTemplate(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) {
    defaultClaimSpec(claim.spec);
    claim.status.phase ||= 'Pending';
  }
}

function historyWarnings({ spec }: StatefulSet): string[] {
  if ((spec.revisionHistoryLimit ?? 0) >= 0) return [];
  return ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'];
}

/** Clients know the place by another name when the set is changed. */
function claimWarnings({ spec }: StatefulSet, old: StatefulSet | undefined): string[] {
  return (spec.volumeClaimTemplates ?? []).flatMap((claim, i) => {
    const here = path('spec', 'volumeClaimTemplates').index(i);
    return claimSpecWarnings(claim.spec, old === undefined ? here : here.child('Spec'));
  });
}

export const statefulSets = defineResource<StatefulSet>(apps.v1.StatefulSet, {
  names: { plural: 'statefulsets', short: ['sts'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'statefulsets' },
  versions: statefulSetVersions,
  defaultPropagation,
  nameForm: dns1123Label,
  subresources: { status: status<StatefulSet>({ validate: validateStatefulSetStatus }), scale: replicaScale<StatefulSet>() },
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  defaults,
  gatedFields: [...gatedInStatefulSets, ...within<StatefulSet, PodSpec>(({ spec }) => spec.template.spec, gatedInPodSpec)],
  validate: validateStatefulSet,
  warnings: allWarnings(
    templateWarnings<StatefulSet>(({ spec }) => spec.template),
    claimWarnings,
    historyWarnings,
  ),
  columns: [
    nameColumn(),
    col('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template.spec)),
  ],
});
