import { type FieldError, invalidField, path, required, validateNonNegative } from '@keelson/machinery';
import { autoscaling, core } from '@keelson/schema';
import { age, defineResource, integer, nameColumn, scale, status, wide } from '@keelson/server';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { validatePodTemplate } from '../pod/validation.js';
import { podSpecWarnings } from '../pod/warnings.js';
import { labelsString, labelsText } from '../printing/labels-text.js';

type ReplicationController = core.v1.ReplicationController;

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

function validate(controller: ReplicationController): FieldError[] {
  const { spec } = controller;
  const { selector = {}, template } = spec;
  const labels = template?.metadata.labels ?? {};
  const at = path('spec');
  const errors = [...validateNonNegative(spec.minReadySeconds ?? 0, at.child('minReadySeconds')), ...validateReplicas(controller)];
  if (Object.keys(selector).length === 0) errors.push(required(at.child('selector')));
  if (template === undefined) return [...errors, required(at.child('template'))];
  if (!Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) {
    errors.push(invalidField(at.child('template', 'metadata', 'labels'), labels, '`selector` does not match template `labels`'));
  }
  return [...errors, ...validatePodTemplate(template, 'spec.template', { restartPolicy: 'Always' })];
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
    status: status(),
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
  validate,
  warnings: ({ spec }) => (spec.template ? podSpecWarnings(spec.template.spec, path('spec', 'template', 'spec')) : []),
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
