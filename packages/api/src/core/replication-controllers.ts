import { dns1123Label, type FieldError, invalidField, path, required, validateNonNegative } from '@keelson/machinery';
import { autoscaling, core, shownAsSent } from '@keelson/schema';
import { age, defineResource, integer, nameColumn, scale, status, wide } from '@keelson/server';
import { validateCounts, validateReplicaCounts, validateWorkloadTemplate } from '../apps/workload-validation.js';
import { gatedInPodSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings } from '../pod/template-warnings.js';
import { podWarnings } from '../pod/warnings/pod-warnings.js';
import { labelsString, labelsText } from '../printing/labels-text.js';
import { podNameWarnings } from '../validation/pod-name-warnings.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';

type ReplicationController = core.v1.ReplicationController;
type Spec = ReplicationController['spec'];

function defaults({ metadata, spec }: ReplicationController): void {
  const labels = spec.template?.metadata.labels;
  if (labels !== undefined && Object.keys(labels).length > 0) {
    if (!spec.selector || Object.keys(spec.selector).length === 0) spec.selector = { ...labels };
    if (!metadata.labels || Object.keys(metadata.labels).length === 0) metadata.labels = { ...labels };
  }
  if (spec.template) defaultPodTemplate(spec.template);
}

function validateReplicas({ spec }: ReplicationController): FieldError[] {
  return validateNonNegative(spec.replicas ?? 0, path('spec', 'replicas'));
}

function validateTemplate({ selector = {}, template }: Spec, old: Spec | undefined): FieldError[] {
  const at = path('spec', 'template');
  if (template === undefined) return [required(at)];
  const { labels } = template.metadata;
  const selected = Object.entries(selector).every(
    ([key, value]) => labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value,
  );
  const mismatch = invalidField(
    at.child('metadata', 'labels'),
    shownAsSent(template.metadata, 'labels'),
    '`selector` does not match template `labels`',
  );
  return [...(selected ? [] : [mismatch]), ...validateWorkloadTemplate(template, 'ReplicationController', old?.template)];
}

function validate(controller: ReplicationController, old: ReplicationController | undefined): FieldError[] {
  const { spec } = controller;
  const at = path('spec');
  const findings = [
    ...validateNonNegative(spec.minReadySeconds ?? 0, at.child('minReadySeconds')),
    ...(Object.keys(spec.selector ?? {}).length === 0 ? [required(at.child('selector'))] : []),
    ...validateReplicas(controller),
    ...validateTemplate(spec, old?.spec),
  ];
  return repeatedOnUpdate(findings, old);
}

/** When a controller is changed, clients are warned of the template that it had. */
function templateWarnings({ metadata, spec }: ReplicationController, old: ReplicationController | undefined): string[] {
  const template = old === undefined ? spec.template : old.spec.template;
  const isNew = metadata.generation !== old?.metadata.generation;
  return isNew && template !== undefined ? podWarnings(template, path('spec', 'template')) : [];
}

function validateStatus({ status }: ReplicationController): FieldError[] {
  return [
    ...validateCounts(status, path('status'), [
      'replicas',
      'fullyLabeledReplicas',
      'readyReplicas',
      'availableReplicas',
      'observedGeneration',
    ]),
    ...validateReplicaCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  ];
}

export const replicationControllers = defineResource<ReplicationController>(core.v1.ReplicationController, {
  names: { plural: 'replicationcontrollers', short: ['rc'], categories: ['all'] },
  scope: 'Namespaced',
  storage: { key: 'controllers' },
  defaultPropagation: () => 'Orphan',
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas ?? 0) },
  subresources: {
    status: status<ReplicationController>({ validate: validateStatus }),
    scale: scale<ReplicationController>({
      kind: autoscaling.v1.Scale,
      specReplicas: ({ spec }) => spec.replicas,
      setSpecReplicas: ({ spec }, replicas) => {
        spec.replicas = replicas;
      },
      statusReplicas: ({ status }) => status.replicas,
      selector: ({ spec }) => labelsString(spec.selector),
      validate: validateReplicas,
    }),
  },
  defaults,
  gatedFields: within<ReplicationController, core.v1.PodSpec>(({ spec }) => spec.template?.spec, gatedInPodSpec),
  validate,
  warnings: allWarnings(podNameWarnings(dns1123Label), templateWarnings),
  columns: [
    nameColumn(),
    integer('Desired', ({ spec }) => spec.replicas ?? 0),
    integer('Current', ({ status }) => status.replicas ?? 0),
    integer('Ready', ({ status }) => status.readyReplicas ?? 0),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template?.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template?.spec)),
    wide('Selector', ({ spec }) => labelsText(spec.selector)),
  ],
});
