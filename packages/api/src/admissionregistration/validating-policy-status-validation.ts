import { type FieldError, type FieldPath, invalidField, path, required, validateConditions } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { jsonPathProblem } from '../validation/json-path-problem.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;

function validateFieldReference(reference: string, at: FieldPath): FieldError[] {
  if (reference === '') return [required(at)];
  const problem = jsonPathProblem(`{${reference}}`);
  return problem === undefined ? [] : [invalidField(at, reference, `invalid JSONPath: ${problem}`)];
}

/** What the controller that checks the types of a policy has found. */
export function validateValidatingPolicyStatus({ status }: Policy): FieldError[] {
  const at = path('status');
  const warnings = at.child('typeChecking', 'expressionWarnings');
  return [
    ...(status.typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, i) => [
      ...(warning === '' ? [required(warnings.index(i).child('warning'))] : []),
      ...validateFieldReference(fieldRef.trim(), warnings.index(i).child('fieldRef')),
    ]),
    ...validateConditions(status.conditions, at.child('conditions')),
  ];
}
