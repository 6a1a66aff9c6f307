import { approvalOf, isProtectedGroup } from '@keelson/api';
import { quote } from '@keelson/machinery';
import type { Condition, Definition } from './definition-condition.js';

const ANNOTATION = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Whether a definition in a group of the Kubernetes community was approved there; undefined of other groups. */
export function approvalCondition(definition: Definition): Omit<Condition, 'lastTransitionTime'> | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const type = 'KubernetesAPIApprovalPolicyConformant';
  const text = definition.metadata.annotations?.[ANNOTATION] ?? '';
  const must = `protected groups must have approval annotation ${quote(ANNOTATION)}`;
  switch (approvalOf(definition)) {
    case 'approved':
      return { type, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${text}` };
    case 'bypassed':
      return { type, status: 'False', reason: 'UnapprovedAnnotation', message: `not approved: ${quote(text)}` };
    case 'missing':
      return { type, status: 'False', reason: 'MissingAnnotation', message: `${must}, ${SEE}` };
    case 'invalid':
      return {
        type,
        status: 'False',
        reason: 'InvalidAnnotation',
        message: `${must} with either a URL or a reason starting with "unapproved", ${SEE}`,
      };
  }
}
