import { type FieldError, type FieldPath, forbiddenField, validateAnnotations, validateLabels } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validatePodAnnotations, validateProfileAnnotations } from './annotations.js';
import { validatePodSpec } from './pod-spec.js';

type PodTemplate = core.v1.PodTemplateSpec;

/** What pods are made from, wherever it is written. */
export function validatePodTemplate({ metadata, spec }: PodTemplate, at: FieldPath, old: PodTemplate | undefined): FieldError[] {
  const specPath = at.child('spec');
  const annotationsPath = at.child('annotations');
  const { labels, annotations } = metadata;
  const ephemeral = at.child('spec', 'ephemeralContainers');
  return [
    ...validateLabels(labels, at.child('labels')),
    ...validateAnnotations(annotations, annotationsPath),
    ...validatePodAnnotations(annotations, old?.metadata.annotations, spec, annotationsPath),
    ...validatePodSpec(spec, specPath, old?.spec),
    ...validateProfileAnnotations(annotations, spec, specPath),
    ...(spec.ephemeralContainers?.length ? [forbiddenField(ephemeral, 'ephemeral containers not allowed in pod template')] : []),
  ];
}
