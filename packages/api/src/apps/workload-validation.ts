import {
  compileObjectSelector,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  type ObjectLabelSelector,
  path,
  required,
  validateImmutable,
  validateNonNegative,
  validateObjectSelector,
} from '@keelson/machinery';
import { type core, shownAsSent } from '@keelson/schema';
import { validatePodTemplate } from '../pod/validation/pod-template.js';

type Selector = ObjectLabelSelector | null | undefined;
type Template = core.v1.PodTemplateSpec;

const selectorPath = path('spec', 'selector');
const templatePath = path('spec', 'template');

/** A workload's selector must be there and select by something. `kind` is the word of the message, which is not always the kind. */
export function validateWorkloadSelector(selector: Selector, kind: string): FieldError[] {
  if (!selector) return [required(selectorPath)];
  const errors = validateObjectSelector(selector, selectorPath);
  if (isEmpty(selector)) errors.push(invalidField(selectorPath, selector, `empty selector is invalid for ${kind}`));
  return errors;
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: ObjectLabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

interface Selecting {
  readonly selector: Selector;
}

/** With another selector a workload would leave its pods behind. */
export function validateFixedSelector({ selector }: Selecting, old: Selecting | undefined): FieldError[] {
  return old === undefined ? [] : validateImmutable(selector, old.selector, selectorPath);
}

/** The selector must match the pods that the template makes, or the workload would make pods without end. */
export function validateTemplateLabels(selector: Selector, { metadata }: core.v1.PodTemplateSpec): FieldError[] {
  const matches = matcherOf(selector);
  if (matches === undefined) return [];
  if (matches(metadata.labels ?? {})) return [];
  return [
    invalidField(templatePath.child('metadata', 'labels'), shownAsSent(metadata, 'labels'), '`selector` does not match template `labels`'),
  ];
}

/** Whether labels are selected; undefined for a selector that cannot be read. */
export function matcherOf(selector: Selector): ((labels: Record<string, string>) => boolean) | undefined {
  try {
    const compiled = compileObjectSelector(selector);
    return (labels) => compiled.matches(labels);
  } catch {
    // A selector that cannot be read is reported by the rules of selectors.
    return undefined;
  }
}

interface WithTemplate extends Selecting {
  readonly template: Template;
}

/** Selector and template together, of what makes replica sets or is one; behind a selector that cannot be read the template is not looked at. */
export function validateSelectedTemplate({ selector, template }: WithTemplate, old: WithTemplate | undefined): FieldError[] {
  if (matcherOf(selector) === undefined) return [invalidField(selectorPath, selector, 'invalid label selector')];
  return [...validateTemplateLabels(selector, template), ...validateWorkloadTemplate(template, 'ReplicaSet', old?.template)];
}

/** The template of pods that are kept running. `kind` is the word of the message. */
export function validateWorkloadTemplate(template: Template, kind: string, old: Template | undefined): FieldError[] {
  return [...validatePodTemplate(template, templatePath, old), ...validateLifetime(template, kind)];
}

/** Pods of a workload are restarted for ever. */
export function validateLifetime({ spec }: core.v1.PodTemplateSpec, kind: string): FieldError[] {
  const { restartPolicy = '', activeDeadlineSeconds } = spec;
  const at = templatePath.child('spec');
  return [
    ...(restartPolicy === 'Always' ? [] : [notSupported(at.child('restartPolicy'), restartPolicy, ['Always'])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbiddenField(at.child('activeDeadlineSeconds'), `activeDeadlineSeconds in ${kind} is not Supported`)]),
  ];
}

/** Counts of `object` below `at` that may not be negative. */
export function validateCounts<T>(object: T, at: FieldPath, fields: readonly (keyof T & string)[]): FieldError[] {
  return fields.flatMap((field) => validateNonNegative(Number(object[field] ?? 0), at.child(field)));
}

interface ReplicaStatus {
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly currentReplicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
}

/** No part of the replicas can be more than all of them, and what is available is ready, which the message calls `ready`. */
export function validateReplicaCounts(
  status: ReplicaStatus,
  parts: readonly (keyof ReplicaStatus)[],
  ready = 'readyReplicas',
): FieldError[] {
  const at = path('status');
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const errors = parts
    .filter((part) => (status[part] ?? 0) > replicas)
    .map((part) => invalidField(at.child(part), status[part] ?? 0, 'cannot be greater than status.replicas'));
  if (availableReplicas > readyReplicas) {
    errors.push(invalidField(at.child('availableReplicas'), availableReplicas, `cannot be greater than ${ready}`));
  }
  return errors;
}

interface CollisionStatus {
  readonly collisionCount?: number;
}

/** The count of name collisions only grows, once there is one. */
export function validateCollisionCount({ collisionCount: count }: CollisionStatus, { collisionCount: old }: CollisionStatus): FieldError[] {
  if (old === undefined || (count !== undefined && count >= old)) return [];
  return [invalidField(path('status', 'collisionCount'), count ?? 0, 'cannot be decremented')];
}
