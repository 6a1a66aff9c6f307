import { type FieldError, invalidField, path, required } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';

type Definition = apiextensions.v1.CustomResourceDefinition;
type Approval = 'approved' | 'bypassed' | 'missing' | 'invalid';

const ANNOTATION = 'api-approved.kubernetes.io';
const at = path('metadata', 'annotations').key(ANNOTATION);
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Groups that belong to the Kubernetes community take definitions that it has approved. */
export function isProtectedGroup(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

export function approvalOf({ metadata }: Definition): Approval {
  const text = metadata.annotations?.[ANNOTATION];
  if (text === undefined || text === '') return 'missing';
  if (text.startsWith('unapproved')) return 'bypassed';
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text) && URL.canParse(text) ? 'approved' : 'invalid';
}

/** Whoever changes something else about a definition is not asked. */
export function validateApproval(definition: Definition, old: Definition | undefined): FieldError[] {
  if (!isProtectedGroup(definition.spec.group)) return [];
  const approval = approvalOf(definition);
  if (old !== undefined && approvalOf(old) === approval) return [];
  if (approval === 'missing') return [required(at, `protected groups must have approval annotation "${ANNOTATION}", ${SEE}`)];
  if (approval !== 'invalid') return [];
  const detail = `protected groups must have approval annotation "${ANNOTATION}" with either a URL or a reason starting with "unapproved", ${SEE}`;
  return [invalidField(at, definition.metadata.annotations?.[ANNOTATION], detail)];
}
