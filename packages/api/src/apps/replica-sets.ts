import { dns1123Label, type FieldError, path } from '@keelson/machinery';
import { apps, type core } from '@keelson/schema';
import { age, defineResource, integer, nameColumn, status, type WriteContext, wide } from '@keelson/server';
import { gatedInPodSpec, gatedInReplicaStatus } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings, templateWarnings } from '../pod/template-warnings.js';
import { selectorText } from '../printing/selector-text.js';
import { podNameWarnings } from '../validation/pod-name-warnings.js';
import { defaultPropagation } from './default-propagation.js';
import { replicaScale } from './replica-scale.js';
import { replicaSetVersions } from './replica-set-versions.js';
import {
  validateCounts,
  validateFixedSelector,
  validateReplicaCounts,
  validateSelectedTemplate,
  validateWorkloadSelector,
} from './workload-validation.js';

type ReplicaSet = apps.v1.ReplicaSet;

function defaults({ spec }: ReplicaSet): void {
  spec.replicas ??= 1;
  defaultPodTemplate(spec.template);
}

function validate({ spec }: ReplicaSet, old: ReplicaSet | undefined, { apiVersion }: WriteContext): FieldError[] {
  return [
    ...validateCounts(spec, path('spec'), ['replicas', 'minReadySeconds']),
    ...validateWorkloadSelector(spec.selector, 'deployment'),
    ...validateSelectedTemplate(spec, old?.spec),
    ...(apiVersion === 'extensions/v1beta1' ? [] : validateFixedSelector(spec, old?.spec)),
  ];
}

function validateStatus({ status }: ReplicaSet): FieldError[] {
  return [
    ...validateCounts(status, path('status'), [
      'replicas',
      'fullyLabeledReplicas',
      'readyReplicas',
      'availableReplicas',
      'terminatingReplicas',
      'observedGeneration',
    ]),
    ...validateReplicaCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  ];
}

export const replicaSets = defineResource<ReplicaSet>(apps.v1.ReplicaSet, {
  names: { plural: 'replicasets', short: ['rs'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'replicasets' },
  versions: replicaSetVersions,
  defaultPropagation,
  subresources: { status: status<ReplicaSet>({ validate: validateStatus }), scale: replicaScale<ReplicaSet>() },
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  defaults,
  gatedFields: [...gatedInReplicaStatus, ...within<ReplicaSet, core.v1.PodSpec>(({ spec }) => spec.template?.spec, gatedInPodSpec)],
  validate,
  warnings: allWarnings(
    podNameWarnings(dns1123Label),
    templateWarnings<ReplicaSet>(({ spec }) => spec.template),
  ),
  columns: [
    nameColumn(),
    integer('Desired', ({ spec }) => spec.replicas ?? 0),
    integer('Current', ({ status }) => status.replicas),
    integer('Ready', ({ status }) => status.readyReplicas ?? 0),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template.spec)),
    wide('Selector', ({ spec }) => selectorText(spec.selector)),
  ],
});
