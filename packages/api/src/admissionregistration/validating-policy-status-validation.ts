import { type FieldError, path, required, validateConditions } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;

/** What the controller that checks the types of a policy has found. */
export function validateValidatingPolicyStatus({ status }: Policy): FieldError[] {
  const at = path('status');
  const warnings = at.child('typeChecking', 'expressionWarnings');
  return [
    ...(status.typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, i) => [
      ...(warning === '' ? [required(warnings.index(i).child('warning'))] : []),
      ...(fieldRef.trim() === '' ? [required(warnings.index(i).child('fieldRef'))] : []),
    ]),
    ...validateConditions(status.conditions, at.child('conditions')),
  ];
}
