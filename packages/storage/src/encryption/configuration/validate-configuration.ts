import { type FieldError, type FieldPath, invalidField, parseDuration, path, required } from '@keelson/machinery';
import type { EncryptionConfiguration, KeyConfiguration, KmsConfiguration, ProviderConfiguration } from './encryption-configuration.js';
import { validateResources } from './validate-resources.js';

/** `reload`: the file may be read again, so that providers are told apart by their names alone. */
export function validateConfiguration({ resources = [] }: EncryptionConfiguration, reload: boolean): FieldError[] {
  const root = path('resources');
  if (resources.length === 0) return [atLeastOne(root, 'resources')];
  const kmsNames = new Set<string>();
  return resources.flatMap(({ resources: names = [], providers = [] }, at) => {
    const [namesPath, providersPath] = [root.index(at).child('resources'), root.index(at).child('providers')];
    return [
      ...(names.length === 0 ? [atLeastOne(namesPath, String(namesPath))] : validateResources(names, namesPath)),
      ...(providers.length === 0 ? [atLeastOne(providersPath, String(providersPath))] : []),
      ...providers.flatMap((provider, index) => validateProvider(provider, providersPath.index(index), kmsNames, reload)),
    ];
  });
}

function atLeastOne(where: FieldPath, what: string): FieldError {
  return required(where, `at least one ${what} is required`);
}

function validateProvider(provider: ProviderConfiguration, where: FieldPath, kmsNames: Set<string>, reload: boolean): FieldError[] {
  const { aesgcm, aescbc, secretbox, kms } = provider;
  const given = Object.keys(provider);
  const single = given.length === 1 ? [] : [invalidField(where, given, severalOrNone(given.length))];
  if (kms !== undefined) {
    const errors = validateKms(kms, where.child('kms'), kmsNames, reload);
    kmsNames.add(kms.name ?? '');
    return [...single, ...errors];
  }
  if (aesgcm !== undefined) return [...single, ...validateKeys(aesgcm.keys, where.child('aesgcm').child('keys'), [16, 24, 32])];
  if (aescbc !== undefined) return [...single, ...validateKeys(aescbc.keys, where.child('aescbc').child('keys'), [16, 24, 32])];
  if (secretbox !== undefined) return [...single, ...validateKeys(secretbox.keys, where.child('secretbox').child('keys'), [32])];
  return single;
}

function severalOrNone(count: number): string {
  return count === 0
    ? 'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity'
    : 'more than one provider specified in a single element, should split into different list elements';
}

function validateKeys(keys: readonly KeyConfiguration[] = [], where: FieldPath, sizes: readonly number[]): FieldError[] {
  if (keys.length === 0) return [atLeastOne(where, 'keys')];
  return keys.flatMap(({ name = '', secret = '' }, at) => [
    ...(name === '' ? [required(where.index(at).child('name'), 'name is a mandatory field for a key')] : []),
    ...validateSecret(secret, where.index(at).child('secret'), sizes),
  ]);
}

/** Its value is never shown. */
function validateSecret(secret: string, where: FieldPath, sizes: readonly number[]): FieldError[] {
  if (secret === '') return [required(where, 'secret is a mandatory field for a key')];
  if (!isBase64(secret)) return [invalidField(where, 'REDACTED', 'secrets must be base64 encoded')];
  const { length } = Buffer.from(secret, 'base64');
  if (sizes.includes(length)) return [];
  return [invalidField(where, 'REDACTED', `secret is not of the expected length, got ${length}, expected one of [${sizes.join(' ')}]`)];
}

/** RFC 4648 section 4, padded; line ends are skipped. */
function isBase64(text: string): boolean {
  const packed = text.replace(/[\r\n]/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

function validateKms(kms: KmsConfiguration, where: FieldPath, kmsNames: ReadonlySet<string>, reload: boolean): FieldError[] {
  return [
    ...validateKmsName(kms, where.child('name'), kmsNames, reload),
    ...validateTimeout(kms, where.child('timeout')),
    ...validateEndpoint(kms.endpoint ?? '', where.child('endpoint')),
    ...validateCacheSize(kms, where.child('cachesize')),
    ...validateApiVersion(kms.apiVersion ?? 'v1', where.child('apiVersion')),
  ];
}

function validateKmsName(
  { apiVersion = 'v1', name = '' }: KmsConfiguration,
  where: FieldPath,
  taken: ReadonlySet<string>,
  reload: boolean,
) {
  const unique = reload || apiVersion !== 'v1';
  return [
    ...(name === '' ? [required(where, 'name is a mandatory field for a provider')] : []),
    ...(apiVersion !== 'v1' && name.includes(':')
      ? [invalidField(where, name, `invalid KMS provider name ${name}, must not contain ':'`)]
      : []),
    ...(unique && taken.has(name) ? [invalidField(where, name, `duplicate KMS provider name ${name}, names must be unique`)] : []),
  ];
}

function validateTimeout({ timeout }: KmsConfiguration, where: FieldPath): FieldError[] {
  if (timeout === undefined || parseDuration(timeout) > 0n) return [];
  return [invalidField(where, timeout, 'timeout should be a positive value')];
}

function validateEndpoint(endpoint: string, where: FieldPath): FieldError[] {
  if (endpoint === '') return [invalidField(where, '', 'endpoint is a mandatory field for a kms')];
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(endpoint)?.[1] ?? '';
  if (scheme === 'unix') return [];
  return [invalidField(where, endpoint, `unsupported scheme ${JSON.stringify(scheme)} for KMS provider, only unix is supported`)];
}

function validateCacheSize({ apiVersion = 'v1', cachesize }: KmsConfiguration, where: FieldPath): FieldError[] {
  if (cachesize === undefined) return [];
  if (apiVersion !== 'v1') return [invalidField(where, cachesize, 'cachesize is not supported in v2')];
  return cachesize === 0 ? [invalidField(where, cachesize, 'cachesize should be a positive value, or negative to disable')] : [];
}

function validateApiVersion(apiVersion: string, where: FieldPath): FieldError[] {
  if (apiVersion === 'v1' || apiVersion === 'v2') return [];
  return [invalidField(where, apiVersion, 'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported')];
}
