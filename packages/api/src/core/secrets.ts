import { type FieldError, path, required, validateImmutable } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { dataBytes, validateDataKeys, validateDataSize, validateImmutableData } from './immutable-data.js';

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
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

const tokenType = 'kubernetes.io/service-account-token';
const accountName = 'kubernetes.io/service-account.name';

function validateType({ type = '', data = {}, metadata }: Secret): FieldError[] {
  if (type === tokenType) {
    return metadata.annotations?.[accountName] ? [] : [required(path('metadata', 'annotations').key(accountName))];
  }
  const groups = Object.hasOwn(requiredKeys, type) ? (requiredKeys[type] ?? []) : [];
  return groups
    .filter((keys) => !keys.some((key) => Object.hasOwn(data, key)))
    .flatMap((keys) => keys.map((key) => required(path('data').key(key))));
}

function validate(secret: Secret, old: Secret | undefined): FieldError[] {
  return [
    ...validateDataKeys(secret, 'data'),
    ...validateDataSize(dataBytes(secret.data, 'base64'), 'data'),
    ...validateType(secret),
    ...(old === undefined ? [] : validateImmutable(secret.type, old.type, path('type'))),
    ...validateImmutableData(secret, old, ['data']),
  ];
}

export const secrets = defineResource<Secret>(core.v1.Secret, {
  names: { plural: 'secrets' },
  scope: 'Namespaced',
  storage: { key: 'secrets' },
  selectableFields: { type: ({ type }) => type ?? '' },
  defaults(secret) {
    secret.type ||= 'Opaque';
    moveStringData(secret);
  },
  validate,
  columns: [nameColumn(), col('Type', ({ type }) => type ?? ''), col('Data', ({ data }) => Object.keys(data ?? {}).length), age()],
});
