import { type ConfigurationKind, shape } from '@keelson/schema';

const { anything, fields, integer, listOf, text } = shape;

const keys = fields({ keys: listOf(fields({ name: text, secret: text })) });

const provider = fields({
  aesgcm: keys,
  aescbc: keys,
  secretbox: keys,
  identity: anything,
  kms: fields({ apiVersion: text, name: text, cachesize: integer, endpoint: text, timeout: text }),
});

const configuration = fields({ resources: listOf(fields({ resources: listOf(text), providers: listOf(provider) })) });

export type EncryptionConfiguration = shape.Shaped<typeof configuration>;
export type ResourceConfiguration = NonNullable<EncryptionConfiguration['resources']>[number];
export type ProviderConfiguration = shape.Shaped<typeof provider>;
export type KeyConfiguration = NonNullable<shape.Shaped<typeof keys>['keys']>[number];
export type KmsConfiguration = NonNullable<ProviderConfiguration['kms']>;

/** File of `--encryption-provider-config`. */
export const encryptionConfiguration: ConfigurationKind<EncryptionConfiguration> = {
  kind: 'EncryptionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1'],
  shape: configuration,
};
