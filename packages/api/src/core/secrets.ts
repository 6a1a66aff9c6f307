import { type FieldError, invalidField, path, required, validateImmutable } from '@keelson/machinery';
import { core, jsonObjectProblem } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { dataBytes, validateDataKeys, validateDataSize, validateImmutableData } from './immutable-data.js';
import { keyPairWarnings } from './key-pair-warnings.js';

type Secret = core.v1.Secret;

/** `stringData` is only a way to write: it ends up in `data`. */
function moveStringData(secret: Secret): void {
  const { stringData, data } = secret;
  if (stringData === undefined) return;
  delete secret.stringData;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')] as const);
  // Entries, not assignments: a key may be `__proto__`.
  if (encoded.length > 0) secret.data = Object.fromEntries([...Object.entries(data ?? {}), ...encoded]);
}

/** Data that a type demands, in groups of which one key at least must be there. */
const requiredKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

/** Where the credentials of registries are, as JSON. */
const configKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

/** The one value that may not be empty either. */
const sshType = 'kubernetes.io/ssh-auth';
const sshKey = 'ssh-privatekey';

function validateConfig(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const at = path('data').key(key);
  const value = data[key];
  if (value === undefined) return [required(at)];
  const problem = jsonObjectProblem(Buffer.from(value, 'base64').toString());
  return problem === undefined ? [] : [invalidField(at, '<secret contents redacted>', problem)];
}

const tokenType = 'kubernetes.io/service-account-token';
const accountName = 'kubernetes.io/service-account.name';

function validateType({ type = '', data = {}, metadata }: Secret): FieldError[] {
  if (type === tokenType) {
    return metadata.annotations?.[accountName] ? [] : [required(path('metadata', 'annotations').key(accountName))];
  }
  const configKey = Object.hasOwn(configKeys, type) ? configKeys[type] : undefined;
  if (configKey !== undefined) return validateConfig(data, configKey);
  if (type === sshType) return data[sshKey] ? [] : [required(path('data').key(sshKey))];
  const groups = Object.hasOwn(requiredKeys, type) ? (requiredKeys[type] ?? []) : [];
  return groups
    .filter((keys) => !keys.some((key) => Object.hasOwn(data, key)))
    .flatMap((keys) => keys.map((key) => required(path('data').key(key))));
}

function validate(secret: Secret, old: Secret | undefined): FieldError[] {
  return [
    ...(old === undefined ? [] : validateImmutable(secret.type, old.type, path('type'))),
    ...validateImmutableData(secret, old, ['data']),
    ...validateDataKeys(secret, 'data'),
    ...validateDataSize(dataBytes(secret.data, 'base64'), 'data'),
    ...validateType(secret),
  ];
}

/** A pair that does not fit is accepted, as who uses it may not be who makes it. */
function warnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const pem = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('latin1');
  return keyPairWarnings(pem('tls.crt'), pem('tls.key'));
}

export const secrets = defineResource<Secret>(core.v1.Secret, {
  names: { plural: 'secrets' },
  scope: 'Namespaced',
  storage: { key: 'secrets' },
  confidential: true,
  selectableFields: { type: ({ type }) => type ?? '' },
  defaults(secret) {
    secret.type ||= 'Opaque';
    moveStringData(secret);
  },
  validate,
  warnings,
  columns: [nameColumn(), col('Type', ({ type }) => type ?? ''), col('Data', ({ data }) => Object.keys(data ?? {}).length), age()],
});
