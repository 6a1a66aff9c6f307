import {
  dns1123Label,
  type FieldError,
  forbiddenField,
  invalidField,
  path,
  required,
  semanticallyEqual,
  validateAnnotations,
  validateLabels,
} from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import { validateClaimSpec } from '../core/volumes/claim-spec-validation.js';
import { validatePodAnnotations } from '../pod/validation/annotations.js';
import { validatePodTemplate } from '../pod/validation/pod-template.js';
import { validateEach } from '../validation/each.js';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.js';
import { validateOptionalForm } from '../validation/names.js';
import {
  matcherOf,
  validateCollisionCount,
  validateCounts,
  validateLifetime,
  validateReplicaCounts,
  validateTemplateLabels,
  validateWorkloadSelector,
} from './workload-validation.js';

type StatefulSet = apps.v1.StatefulSet;
type StatefulSetSpec = apps.v1.StatefulSetSpec;

const at = path('spec');
const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function validatePodManagement({ podManagementPolicy = '' }: StatefulSetSpec): FieldError[] {
  const here = at.child('podManagementPolicy');
  if (podManagementPolicy === '') return [required(here)];
  if (podManagementPolicy === 'OrderedReady' || podManagementPolicy === 'Parallel') return [];
  return [invalidField(here, podManagementPolicy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateRollingUpdate(rolling: apps.v1.RollingUpdateStatefulSetStrategy): FieldError[] {
  const here = at.child('updateStrategy', 'rollingUpdate');
  const errors = validateCounts(rolling, here, ['partition']);
  const { maxUnavailable } = rolling;
  if (maxUnavailable === undefined) return errors;
  errors.push(...validateIntOrPercent(maxUnavailable, here.child('maxUnavailable')));
  // What is no percentage counts as none.
  if (typeof maxUnavailable === 'string' ? !/^0*[1-9]\d*%$/.test(maxUnavailable) : maxUnavailable === 0) {
    errors.push(invalidField(here.child('maxUnavailable'), maxUnavailable, 'cannot be 0'));
  }
  return [...errors, ...validateAtMostAll(maxUnavailable, here.child('maxUnavailable'))];
}

/** Messages show the strategy by the names that its fields have inside Kubernetes. */
function shownStrategy({ type = '', rollingUpdate }: apps.v1.StatefulSetUpdateStrategy): object {
  return { Type: type, RollingUpdate: rollingUpdate === undefined ? null : shownRollingUpdate(rollingUpdate) };
}

function shownRollingUpdate({ partition = 0, maxUnavailable }: apps.v1.RollingUpdateStatefulSetStrategy): object {
  return { Partition: partition, MaxUnavailable: maxUnavailable ?? null };
}

function validateUpdateStrategy({ updateStrategy }: StatefulSetSpec): FieldError[] {
  const { type = '', rollingUpdate } = updateStrategy;
  const here = at.child('updateStrategy');
  switch (type) {
    case '':
      return [required(here)];
    case 'RollingUpdate':
      return rollingUpdate === undefined ? [] : validateRollingUpdate(rollingUpdate);
    case 'OnDelete':
      return rollingUpdate === undefined
        ? []
        : [invalidField(here.child('rollingUpdate'), shownRollingUpdate(rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'")];
    default:
      return [invalidField(here, shownStrategy(updateStrategy), "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

function validateRetention({ persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec): FieldError[] {
  if (policy === undefined) return [];
  const here = at.child('persistentVolumeClaimRetentionPolicy');
  return (['whenDeleted', 'whenScaled'] as const).flatMap((when) =>
    validateEnumerated(policy[when], here.child(when), ['Retain', 'Delete']),
  );
}

/**
 * The template as the pods are made of it: each claim is a volume of its name, which comes before one that the template
 * has; what the pods are called on the network is the set's to say.
 */
function podTemplate({ template, volumeClaimTemplates = [] }: StatefulSetSpec): StatefulSetSpec['template'] {
  const { hostname, subdomain, ...spec } = template.spec;
  const names = new Set(volumeClaimTemplates.map(({ metadata: { name = '' } }) => name));
  const claims = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...template, spec: { ...spec, ...(names.size > 0 && { volumes: [...claims, ...others] }) } };
}

/** The template beside its selector; behind a selector that cannot be read it is not looked at. */
function validateTemplate(spec: StatefulSetSpec, old: StatefulSetSpec | undefined): FieldError[] {
  const { selector } = spec;
  if (matcherOf(selector) === undefined) return [invalidField(at.child('selector'), selector, '')];
  const here = at.child('template');
  const template = podTemplate(spec);
  const { labels, annotations } = template.metadata;
  const errors = validatePodTemplate(template, here, old?.template);
  return [
    ...validateTemplateLabels(selector, template),
    // A set that was not valid before can still be changed, as its template might not be the one who is to blame.
    ...(errors.length > 0 && old !== undefined && validateSpec(old, undefined, false).length > 0 ? [] : errors),
    // Labels and annotations are looked at once more, beside the template that they are part of.
    ...validateLabels(labels, here.child('labels')),
    ...validateAnnotations(annotations, here.child('annotations')),
    ...validatePodAnnotations(annotations, old?.template.metadata.annotations, template.spec, here.child('annotations')),
  ];
}

/** What a set must be like. What cannot change any more is not looked at again: `isNew` when it can. */
function validateSpec(spec: StatefulSetSpec, old: StatefulSetSpec | undefined, isNew: boolean): FieldError[] {
  return [
    ...validatePodManagement(spec),
    ...validateUpdateStrategy(spec),
    ...validateRetention(spec),
    ...(isNew ? validateClaims(spec) : []),
    ...validateCounts(spec, at, ['replicas', 'minReadySeconds']),
    ...(spec.ordinals === undefined ? [] : validateCounts(spec.ordinals, at.child('ordinals'), ['start'])),
    // It becomes the subdomain of the pods.
    ...(isNew ? validateOptionalForm(spec.serviceName, at.child('serviceName'), dns1123Label) : []),
    ...validateWorkloadSelector(spec.selector, 'statefulset'),
    ...validateTemplate(spec, old),
    ...validateLifetime(spec.template, 'StatefulSet'),
  ];
}

function validateClaims({ volumeClaimTemplates }: StatefulSetSpec): FieldError[] {
  return validateEach(volumeClaimTemplates, at.child('volumeClaimTemplates'), ({ spec }, here) =>
    validateClaimSpec(spec, here.child('spec')),
  );
}

/** Only a few fields of a stateful set's spec may change. */
function validateUpdate(spec: StatefulSetSpec, old: StatefulSetSpec): FieldError[] {
  const fixed = (of: StatefulSetSpec) => Object.fromEntries(Object.entries(of).filter(([field]) => !mutable.includes(field)));
  if (semanticallyEqual(fixed(spec), fixed(old))) return [];
  const names = mutable.map((field) => `'${field}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [forbiddenField(at, `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

export function validateStatefulSet({ spec }: StatefulSet, old: StatefulSet | undefined): FieldError[] {
  if (old === undefined) return validateSpec(spec, undefined, true);
  return [...validateSpec(spec, old.spec, false), ...validateUpdate(spec, old.spec)];
}

export function validateStatefulSetStatus({ status }: StatefulSet, old: StatefulSet): FieldError[] {
  return [
    ...validateCounts(status, path('status'), [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ]),
    ...validateReplicaCounts(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'status.readyReplicas'),
    ...validateCollisionCount(status, old.status),
  ];
}
