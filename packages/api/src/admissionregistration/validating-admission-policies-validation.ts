import { BOOL, NULL, STRING } from '@keelson/cel';
import { duplicate, type FieldError, type FieldPath, invalidField, path, qualifiedName, required } from '@keelson/machinery';
import { type admissionregistration, internalForm } from '@keelson/schema';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import type { ExpressionValidation } from './expression-validation.js';
import { PolicyExpressions, validateExpression } from './policy-expressions.js';
import { validatePolicySpec } from './policy-validation.js';
import { validateMatchResources } from './rules-validation.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;
type Validation = admissionregistration.v1.Validation;
type AuditAnnotation = admissionregistration.v1.AuditAnnotation;

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const maxAuditAnnotations = 20;
const maxValueExpressionBytes = 5 * 1024;

function validateMessage({ message = '' }: Validation, at: FieldPath): FieldError[] {
  const trimmed = message.trim();
  if (message !== '' && trimmed === '') return [invalidField(at, message, 'must be non-empty if specified')];
  if (/[\r\n]/.test(trimmed)) return [invalidField(at, message, 'must not contain line breaks')];
  return [];
}

function validateMessageExpression(expression: string, at: FieldPath, expressions: ExpressionValidation): FieldError[] {
  if (expression === '') return [];
  if (expression.trim() === '') return [invalidField(at, expression, 'must be non-empty if specified')];
  return expressions.validate(expression, at, STRING);
}

/** What the expressions of a policy's validations are checked by. */
interface ValidationExpressions {
  readonly conditions: ExpressionValidation;
  readonly messages: ExpressionValidation;
}

function validateValidation(validation: Validation, at: FieldPath, { conditions, messages }: ValidationExpressions): FieldError[] {
  const { expression, messageExpression = '', reason } = validation;
  return [
    ...validateExpression(expression, at.child('expression'), conditions, BOOL),
    ...validateMessageExpression(messageExpression, at.child('messageExpression'), messages),
    ...validateMessage(validation, at.child('message')),
    ...validateOptionalEnumerated(reason, at.child('reason'), reasons),
  ];
}

function validateValueExpression(expression: string, at: FieldPath, expressions: ExpressionValidation): FieldError[] {
  const trimmed = expression.trim();
  if (trimmed === '') return [required(at, 'valueExpression is not specified')];
  if (Buffer.byteLength(trimmed) > maxValueExpressionBytes) {
    return [required(at, `must not exceed ${maxValueExpressionBytes} bytes in length`)];
  }
  return expressions.validateShown(trimmed, expression, at, STRING, NULL);
}

/** In the audit log, a key stands behind the name of its policy. */
function validateAnnotationKey(key: string, policyName: string, at: FieldPath): FieldError[] {
  if (policyName === '') return [invalidField(at, key, 'requires metadata.name be non-empty')];
  return validateForm(`${policyName}/${key}`, at, qualifiedName);
}

function validateAuditAnnotations(
  annotations: readonly AuditAnnotation[],
  policyName: string,
  at: FieldPath,
  expressions: ExpressionValidation,
): FieldError[] {
  const shown = () => annotations.map((annotation) => internalForm('admissionregistration.v1.AuditAnnotation', annotation));
  const tooMany = annotations.length > maxAuditAnnotations;
  const errors = annotations.flatMap(({ key, valueExpression }, i) => {
    const here = at.index(i);
    return [
      ...validateAnnotationKey(key, policyName, here.child('key')),
      ...validateValueExpression(valueExpression, here.child('valueExpression'), expressions),
      ...(annotations.findIndex((other) => other.key === key) < i ? [duplicate(here.child('key'), key)] : []),
    ];
  });
  return [...(tooMany ? [invalidField(at, shown(), `must not have more than ${maxAuditAnnotations} auditAnnotations`)] : []), ...errors];
}

export function validateValidatingPolicy({ metadata, spec }: Policy, old: Policy | undefined): FieldError[] {
  const at = path('spec');
  const { validations = [], auditAnnotations = [] } = spec;
  const stored = { validations: old?.spec.validations ?? [], annotations: old?.spec.auditAnnotations ?? [] };
  const nothing = validations.length === 0 && auditAnnotations.length === 0;
  const missing = 'validations or auditAnnotations must contain at least one item';
  const expressions = new PolicyExpressions(spec, old?.spec);
  const errors = validatePolicySpec(spec, old?.spec, expressions, validateMatchResources);
  const ofValidations: ValidationExpressions = {
    conditions: expressions.of(
      stored.validations.map(({ expression }) => expression),
      { authorizer: true },
    ),
    messages: expressions.of(
      stored.validations.map(({ messageExpression }) => messageExpression),
      { authorizer: false },
    ),
  };
  const ofAnnotations = expressions.of(
    stored.annotations.map(({ valueExpression }) => valueExpression.trim()),
    { authorizer: true },
  );
  return [
    ...errors,
    ...(nothing ? [required(at.child('validations'), missing), required(at.child('auditAnnotations'), missing)] : []),
    ...validations.flatMap((validation, i) => validateValidation(validation, at.child('validations').index(i), ofValidations)),
    ...validateAuditAnnotations(auditAnnotations, metadata.name ?? '', at.child('auditAnnotations'), ofAnnotations),
  ];
}
