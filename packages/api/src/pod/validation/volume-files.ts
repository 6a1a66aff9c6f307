import { type FieldError, type FieldPath, forbiddenField, invalidField, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateVolumeFilePath } from '../../validation/local-path.js';
import { validateFieldReference, validateResourceReference } from './field-references.js';
import { validateProjectedBundle, validateProjectedCertificate } from './projected-certificates.js';

type DownwardFile = core.v1.DownwardAPIVolumeFile;
type KeyFile = core.v1.KeyToPath;
type Projected = core.v1.ProjectedVolumeSource;

/** What a file can tell of its pod. */
const podFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

const allPermissions = 0o777;

/** Permissions of a file. */
export function validateMode(mode: number | undefined, at: FieldPath): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= allPermissions)) return [];
  return [invalidField(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function validatePath(text: string, at: FieldPath): FieldError[] {
  return text === '' ? [required(at)] : validateVolumeFilePath(text, at);
}

function validateKeyFile({ key, path, mode }: KeyFile, at: FieldPath): FieldError[] {
  return [
    ...(key === '' ? [required(at.child('key'))] : []),
    ...validatePath(path, at.child('path')),
    ...validateMode(mode, at.child('mode')),
  ];
}

/** Files with values of a config map or secret. */
export function validateKeyFiles(files: readonly KeyFile[] | undefined, at: FieldPath): FieldError[] {
  return validateEach(files, at, validateKeyFile);
}

function validateDownwardContent({ fieldRef, resourceFieldRef }: DownwardFile, at: FieldPath): FieldError[] {
  if (fieldRef) {
    const errors = validateFieldReference(fieldRef, at.child('fieldRef'), podFields);
    if (!resourceFieldRef) return errors;
    return [...errors, invalidField(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')];
  }
  if (resourceFieldRef) return validateResourceReference(resourceFieldRef, at.child('resourceFieldRef'), true);
  return [required(at, 'one of fieldRef and resourceFieldRef is required')];
}

/** A file that tells of the pod. It is not said which one of the source's is wrong. */
function validateDownwardFile(file: DownwardFile, at: FieldPath): FieldError[] {
  return [...validatePath(file.path, at.child('path')), ...validateDownwardContent(file, at), ...validateMode(file.mode, at.child('mode'))];
}

export function validateDownwardVolume({ defaultMode, items }: core.v1.DownwardAPIVolumeSource, at: FieldPath): FieldError[] {
  return [...validateMode(defaultMode, at.child('defaultMode')), ...(items ?? []).flatMap((file) => validateDownwardFile(file, at))];
}

const minTokenSeconds = 10 * 60;
const maxTokenSeconds = 2 ** 32;

/** What is wrong with where a token is put is said of the volume. */
function validateToken(token: core.v1.ServiceAccountTokenProjection, at: FieldPath, volume: FieldPath): FieldError[] {
  const { expirationSeconds: seconds = 0, path } = token;
  const here = at.child('expirationSeconds');
  return [
    ...(seconds < minTokenSeconds ? [invalidField(here, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > maxTokenSeconds ? [invalidField(here, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
    ...validatePath(path, volume.child('path')),
  ];
}

/** A volume while its sources are looked at: its place, and the files that it has so far. */
interface Filling {
  readonly at: FieldPath;
  readonly paths: Set<string>;
}

/** Each file has a place of its own in the volume. `shown` is what the message tells. */
function validatePlace(path: string, shown: string, { at, paths }: Filling): FieldError[] {
  if (path === '' || paths.size < paths.add(path).size) return [];
  return [invalidField(at, shown, 'conflicting duplicate paths')];
}

type KeySource = core.v1.SecretProjection | core.v1.ConfigMapProjection;

function validateKeySource(source: KeySource | undefined, at: FieldPath, volume: Filling): FieldError[] {
  if (source === undefined) return [];
  const { name = '', items } = source;
  return [
    ...(name === '' ? [required(at.child('name'))] : []),
    ...validateEach(items, at.child('items'), (file, here) => [...validateKeyFile(file, here), ...validatePlace(file.path, name, volume)]),
  ];
}

function validateProjection(source: core.v1.VolumeProjection, at: FieldPath, volume: Filling): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  const place = (path: string) => validatePlace(path, path, volume);
  const given = [secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate].filter(
    (each) => each !== undefined,
  );
  const downwardPath = at.child('downwardAPI');
  return [
    ...validateKeySource(secret, at.child('secret'), volume),
    ...validateKeySource(configMap, at.child('configMap'), volume),
    ...(downwardAPI?.items ?? []).flatMap((file) => [
      ...validateDownwardFile(file, downwardPath),
      ...validatePlace(file.path, file.path, volume),
    ]),
    ...(serviceAccountToken ? validateToken(serviceAccountToken, at.child('serviceAccountToken'), volume.at) : []),
    ...(clusterTrustBundle ? validateProjectedBundle(clusterTrustBundle, at.child('clusterTrustBundle'), place) : []),
    ...(podCertificate ? validateProjectedCertificate(podCertificate, at.child('podCertificate'), place) : []),
    ...(given.length > 1 ? [forbiddenField(at, 'may not specify more than 1 volume type per source')] : []),
  ];
}

/** Several sources in one volume. */
export function validateProjected({ defaultMode, sources }: Projected, at: FieldPath): FieldError[] {
  const volume = { at, paths: new Set<string>() };
  return [
    ...validateMode(defaultMode, at.child('defaultMode')),
    ...validateEach(sources, at.child('sources'), (source, here) => validateProjection(source, here, volume)),
  ];
}
