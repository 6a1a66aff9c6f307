import { dns1123Subdomain, type FieldError, invalidField, path, required, validateImmutable } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateSignerName } from './signer-names.js';

type Request = certificates.v1alpha1.PodCertificateRequest;
type Spec = certificates.v1alpha1.PodCertificateRequestSpec;

const specPath = path('spec');
const minSeconds = 3600;
const maxSeconds = 91 * 24 * 3600;
/** Certificates of Kubernetes' own signers are renewed daily. */
const maxSecondsOfOwnSigners = 24 * 3600;
const maxUidBytes = 128;

function validateUid(spec: Spec, field: 'podUID' | 'serviceAccountUID' | 'nodeUID'): FieldError[] {
  const uid = spec[field];
  if (uid === '') return [required(specPath.child(field), `${field} must not be empty`)];
  if (Buffer.byteLength(uid) <= maxUidBytes) return [];
  return [invalidField(specPath.child(field), uid, `must be no more than ${maxUidBytes} characters`)];
}

function validateExpiration({ signerName, maxExpirationSeconds: seconds }: Spec): FieldError[] {
  const at = specPath.child('maxExpirationSeconds');
  if (seconds === undefined) return [required(at, 'must be set')];
  const max = signerName.startsWith('kubernetes.io/') ? maxSecondsOfOwnSigners : maxSeconds;
  return seconds >= minSeconds && seconds <= max ? [] : [invalidField(at, seconds, `must be in the range [${minSeconds}, ${max}]`)];
}

function validateSpec(spec: Spec): FieldError[] {
  const names = ['podName', 'serviceAccountName', 'nodeName'] as const;
  const bytes = ['pkixPublicKey', 'proofOfPossession'] as const;
  return [
    ...validateSignerName(spec.signerName, specPath.child('signerName')),
    ...names.flatMap((field) => validateForm(spec[field], specPath.child(field), dns1123Subdomain)),
    ...(['podUID', 'serviceAccountUID', 'nodeUID'] as const).flatMap((field) => validateUid(spec, field)),
    ...validateExpiration(spec),
    ...bytes.flatMap((field) => (spec[field] ? [] : [required(specPath.child(field))])),
  ];
}

/** A request is never changed: its proof covers all of it. */
export function validatePodCertificateRequest({ spec }: Request, old: Request | undefined): FieldError[] {
  return old === undefined ? validateSpec(spec) : validateImmutable(spec, old.spec, specPath);
}
