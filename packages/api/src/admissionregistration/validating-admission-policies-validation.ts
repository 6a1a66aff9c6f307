import { duplicate, type FieldError, type FieldPath, invalidField, path, qualifiedName, required } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateExpression, validatePolicySpec } from './policy-validation.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;
type Validation = admissionregistration.v1.Validation;
type AuditAnnotation = admissionregistration.v1.AuditAnnotation;

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const maxAuditAnnotations = 20;
const maxValueExpressionBytes = 5 * 1024;

function validateMessage({ expression, message = '' }: Validation, at: FieldPath): FieldError[] {
  const trimmed = message.trim();
  if (message !== '' && trimmed === '') return [invalidField(at, message, 'message must be non-empty if specified')];
  if (/[\r\n]/.test(trimmed)) return [invalidField(at, message, 'message must not contain line breaks')];
  if (/[\r\n]/.test(expression.trim()) && trimmed === '') {
    return [required(at, 'message must be specified if expression contains line breaks')];
  }
  return [];
}

function validateValidation(validation: Validation, at: FieldPath): FieldError[] {
  const { expression, messageExpression = '', reason } = validation;
  const blank = messageExpression !== '' && messageExpression.trim() === '';
  return [
    ...validateExpression(expression, at.child('expression')),
    ...(blank ? [invalidField(at.child('messageExpression'), messageExpression, 'must be non-empty if specified')] : []),
    ...validateMessage(validation, at.child('message')),
    ...validateOptionalEnumerated(reason, at.child('reason'), reasons),
  ];
}

function validateValueExpression(expression: string, at: FieldPath): FieldError[] {
  const trimmed = expression.trim();
  if (trimmed === '') return [required(at, 'valueExpression is not specified')];
  return Buffer.byteLength(trimmed) > maxValueExpressionBytes ? [required(at, 'must not exceed 5kB in length')] : [];
}

function validateAuditAnnotations(annotations: readonly AuditAnnotation[], policyName: string, at: FieldPath): FieldError[] {
  const errors = annotations.flatMap(({ key, valueExpression }, i) => {
    const here = at.index(i);
    return [
      ...qualifiedName(`${policyName}/${key}`).map((detail) => invalidField(here.child('key'), key, detail)),
      ...validateValueExpression(valueExpression, here.child('valueExpression')),
      ...(annotations.findIndex((other) => other.key === key) < i ? [duplicate(here.child('key'), key)] : []),
    ];
  });
  if (annotations.length <= maxAuditAnnotations) return errors;
  return [...errors, invalidField(at, annotations, 'must not have more than 20 auditAnnotations')];
}

export function validateValidatingPolicy({ metadata, spec }: Policy): FieldError[] {
  const at = path('spec');
  const { validations = [], auditAnnotations = [] } = spec;
  const nothing = validations.length === 0 && auditAnnotations.length === 0;
  const missing = 'validations or auditAnnotations must be non-empty';
  return [
    ...validatePolicySpec(spec),
    ...(nothing ? [required(at.child('validations'), missing), required(at.child('auditAnnotations'), missing)] : []),
    ...validations.flatMap((validation, i) => validateValidation(validation, at.child('validations').index(i))),
    ...validateAuditAnnotations(auditAnnotations, metadata.name ?? '', at.child('auditAnnotations')),
  ];
}
