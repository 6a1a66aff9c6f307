import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { validateSignerName } from '../../certificates/signer-names.js';
import { validateVolumeFilePath } from '../../validation/local-path.js';

type TrustBundle = core.v1.ClusterTrustBundleProjection;
type Certificate = core.v1.PodCertificateProjection;

/** Each file has a place of its own in the volume. */
type ValidatePlace = (path: string) => FieldError[];

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const minSeconds = 3600;
const maxSeconds = 91 * 86_400;
/** For signers of Kubernetes itself. */
const ownMaxSeconds = 86_400;

/** Bundles of a signer have its name before a colon. */
function validateBundleName(name: string, at: FieldPath): FieldError[] {
  const own = name.slice(name.lastIndexOf(':') + 1);
  return [
    ...(name === '' ? [required(at, 'must be a valid object name')] : []),
    ...dns1123Subdomain(own).map((detail) => invalidField(at, name, `not a valid clustertrustbundlename: ${detail}`)),
  ];
}

function validateChoice(bundle: TrustBundle, at: FieldPath): FieldError[] {
  const { name, signerName, labelSelector } = bundle;
  if (name !== undefined && signerName !== undefined) {
    const shown = internalForm('core.v1.ClusterTrustBundleProjection', bundle);
    return [invalidField(at, shown, 'only one of name and signerName may be used')];
  }
  const here = at.child('labelSelector');
  if (name !== undefined) {
    const errors = validateBundleName(name, at.child('name'));
    return labelSelector === undefined
      ? errors
      : [...errors, invalidField(here, labelSelector, 'labelSelector must be unset if name is specified')];
  }
  if (signerName === undefined) return [required(at, 'either name or signerName must be specified')];
  return [
    ...(signerName === '' ? [required(at.child('signerName'), 'must be a valid signer name')] : []),
    ...validateSignerName(signerName, at.child('signerName')),
    ...validateObjectSelector(labelSelector, here),
  ];
}

/** Certificates of authorities (KEP-3257). */
export function validateProjectedBundle(bundle: TrustBundle, at: FieldPath, validatePlace: ValidatePlace): FieldError[] {
  const { path } = bundle;
  return [
    ...validateChoice(bundle, at),
    ...(path === '' ? [required(at.child('path'))] : []),
    ...validateVolumeFilePath(path, at.child('path')),
    ...validatePlace(path),
  ];
}

function validateLifetime({ maxExpirationSeconds: seconds, signerName = '' }: Certificate, at: FieldPath): FieldError[] {
  if (seconds === undefined) return [];
  const most = /^([^/]+\.)?kubernetes\.io\//.test(signerName) ? ownMaxSeconds : maxSeconds;
  return [
    ...(seconds < minSeconds ? [invalidField(at, seconds, `if provided, maxExpirationSeconds must be >= ${minSeconds}`)] : []),
    ...(seconds > most ? [invalidField(at, seconds, `if provided, maxExpirationSeconds must be <= ${most}`)] : []),
  ];
}

/** A key of the pod's own, and a certificate for it (KEP-4317). */
export function validateProjectedCertificate(certificate: Certificate, at: FieldPath, validatePlace: ValidatePlace): FieldError[] {
  const { signerName = '', keyType = '' } = certificate;
  const fields = (['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const).filter((field) => certificate[field]);
  return [
    ...validateSignerName(signerName, at.child('signerName')),
    ...(keyTypes.includes(keyType) ? [] : [notSupported(at.child('keyType'), keyType, keyTypes)]),
    ...validateLifetime(certificate, at.child('maxExpirationSeconds')),
    ...fields.flatMap((field) => {
      const path = certificate[field] ?? '';
      return [...validateVolumeFilePath(path, at.child(field)), ...validatePlace(path)];
    }),
    ...(fields.length === 0 ? [required(at, 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath')] : []),
  ];
}
