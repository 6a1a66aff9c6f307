import {
  type FieldError,
  invalidField,
  notSupported,
  omittedValue,
  path,
  type SharedCondition,
  semanticallyEqual,
  validateConditions,
} from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import { validateIssuedChain } from './issued-chain-validation.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

const outcomes: readonly string[] = ['Issued', 'Denied', 'Failed'];
const at = path('status');
const conditionsPath = at.child('conditions');

/** The index stands as a field of its own: as Kubernetes has it. */
function validateOutcomes(conditions: readonly SharedCondition[]): FieldError[] {
  let known = 0;
  return conditions.flatMap(({ type, status }, i) => {
    const here = conditionsPath.child(`[${i}]`);
    if (!outcomes.includes(type)) return [notSupported(here.child('type'), type, outcomes)];
    known++;
    return [
      ...(known > 1
        ? [invalidField(here.child('type'), type, 'There may be at most one condition with type "Issued", "Denied", or "Failed"')]
        : []),
      ...(status === 'True' ? [] : [notSupported(here.child('status'), status, ['True'])]),
    ];
  });
}

/** How the request was answered: no answer, or the one there is. */
function outcomeOf({ status }: Request): string | undefined {
  return status.conditions?.find(({ type, status: value }) => outcomes.includes(type) && value === 'True')?.type;
}

function validateSame(status: unknown, wanted: unknown, detail: string): FieldError[] {
  return semanticallyEqual(status, wanted) ? [] : [invalidField(at, omittedValue, detail)];
}

/** A request is answered once: with certificates, or with the reason why there are none. */
export function validatePodCertificateStatus(request: Request, old: Request, now: string): FieldError[] {
  const conditions = request.status.conditions ?? [];
  const errors = [...validateOutcomes(conditions), ...validateConditions(conditions, conditionsPath)];
  if (errors.length > 0) return errors;
  if (outcomeOf(old) !== undefined) {
    return validateSame(request.status, old.status, 'immutable after PodCertificateRequest is issued, denied, or failed');
  }
  const outcome = outcomeOf(request);
  if (outcome === 'Issued') return validateIssuedChain({ ...request, spec: old.spec }, Date.parse(now));
  if (outcome !== undefined) {
    const detail = 'non-condition status fields must be empty when denying or failing the PodCertificateRequest';
    return validateSame(request.status, { conditions }, detail);
  }
  return validateSame(request.status, old.status, 'status is immutable unless transitioning to "Issued", "Denied", or "Failed"');
}
