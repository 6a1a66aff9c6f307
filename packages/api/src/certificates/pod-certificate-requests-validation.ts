import { dns1123Subdomain, type FieldError, invalidField, path, required, semanticallyEqual, tooLong } from '@keelson/machinery';
import { type certificates, internalForm } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateRequestedKey } from './requested-key.js';
import { validateSignerName } from './signer-names.js';

type Request = certificates.v1alpha1.PodCertificateRequest;
type Spec = certificates.v1alpha1.PodCertificateRequestSpec;

const specPath = path('spec');
const minSeconds = 3600;
const maxSeconds = 91 * 24 * 3600;
/** Certificates of Kubernetes' own signers are renewed daily. */
const maxSecondsOfOwnSigners = 24 * 3600;
const maxUidBytes = 128;
const maxKeyBytes = 10 * 1024;

/** Who is who: the pod, its service account and its node. */
const subjects = [
  ['podName', 'podUID'],
  ['serviceAccountName', 'serviceAccountUID'],
  ['nodeName', 'nodeUID'],
] as const;

function validateUid(spec: Spec, field: 'podUID' | 'serviceAccountUID' | 'nodeUID'): FieldError[] {
  const uid = spec[field];
  if (uid === '') return [invalidField(specPath.child(field), uid, 'must not be empty')];
  return Buffer.byteLength(uid) <= maxUidBytes ? [] : [tooLong(specPath.child(field), maxUidBytes)];
}

function isOwnSigner(signerName: string): boolean {
  const [domain = ''] = signerName.split('/');
  return domain === 'kubernetes.io' || domain.endsWith('.kubernetes.io');
}

function validateExpiration(signerName: string, seconds: number): FieldError[] {
  const max = isOwnSigner(signerName) ? maxSecondsOfOwnSigners : maxSeconds;
  if (seconds >= minSeconds && seconds <= max) return [];
  return [invalidField(specPath.child('maxExpirationSeconds'), seconds, `must be in the range [${minSeconds}, ${max}]`)];
}

/** The first thing that is wrong with what proves who asks. */
function validateProof(spec: Spec): FieldError[] {
  const oversized = (['pkixPublicKey', 'proofOfPossession'] as const).find(
    (field) => Buffer.byteLength(spec[field] ?? '', 'base64') > maxKeyBytes,
  );
  return oversized === undefined ? validateRequestedKey(spec) : [tooLong(specPath.child(oversized), maxKeyBytes)];
}

function validateSpec(spec: Spec): FieldError[] {
  const { signerName, maxExpirationSeconds: seconds } = spec;
  const errors = [
    ...validateSignerName(signerName, specPath.child('signerName')),
    ...subjects.flatMap(([name, uid]) => [...validateForm(spec[name], specPath.child(name), dns1123Subdomain), ...validateUid(spec, uid)]),
  ];
  if (seconds === undefined) return [...errors, required(specPath.child('maxExpirationSeconds'), 'must be set')];
  return [...errors, ...validateExpiration(signerName, seconds), ...validateProof(spec)];
}

/** A request is never changed: its proof covers all of it. */
export function validatePodCertificateRequest({ spec }: Request, old: Request | undefined): FieldError[] {
  if (old === undefined) return validateSpec(spec);
  const shown = internalForm('certificates.v1alpha1.PodCertificateRequestSpec', spec);
  return semanticallyEqual(spec, old.spec) ? [] : [invalidField(specPath, shown, 'field is immutable')];
}
