import { readFile } from 'node:fs/promises';
import { aggregate, type GroupResource, parseDuration } from '@keelson/machinery';
import { readConfiguration } from '@keelson/schema';
import { AesCbc } from './ciphers/aes-cbc.js';
import { AesGcm } from './ciphers/aes-gcm.js';
import { identity } from './ciphers/identity.js';
import { type PrefixedCipher, PrefixedCiphers } from './ciphers/prefixed-ciphers.js';
import { Secretbox } from './ciphers/secretbox.js';
import {
  type EncryptionConfiguration,
  encryptionConfiguration,
  type KeyConfiguration,
  type KmsConfiguration,
  type ProviderConfiguration,
} from './configuration/encryption-configuration.js';
import { formatResourceRule, parseResourceRule } from './configuration/resource-rule.js';
import { validateConfiguration } from './configuration/validate-configuration.js';
import { KmsClient } from './kms/kms-client.js';
import { KmsProvider, type KmsProviderOptions } from './kms/kms-provider.js';
import type { ValueCipher } from './value-cipher.js';

/** What one content of the file says. */
export interface LoadedEncryption {
  /** By `formatResourceRule`. */
  readonly ciphers: ReadonlyMap<string, ValueCipher>;
  readonly providers: readonly KmsProvider[];
  readonly content: string;
}

/** Who is told what key management plugins do. */
export type KmsEvents = Pick<KmsProviderOptions, 'onFailure' | 'observer'>;

const DEFAULT_KMS_TIMEOUT_MS = 3_000;

/** Reads and checks the file, and starts its key management providers. */
export async function loadEncryption(file: string, reload: boolean, events: KmsEvents): Promise<LoadedEncryption> {
  const content = await readContent(file);
  const providers: KmsProvider[] = [];
  try {
    const ciphers = ciphersOf(decode(file, content, reload), providers, events);
    await Promise.all(providers.map((provider) => provider.start()));
    return { ciphers, providers, content };
  } catch (error) {
    for (const provider of providers) provider.close();
    throw error;
  }
}

/** Each rule with what seals and opens; adds the key management providers it makes. */
function ciphersOf({ resources = [] }: EncryptionConfiguration, providers: KmsProvider[], events: KmsEvents): Map<string, ValueCipher> {
  const lists = new Map<string, PrefixedCipher[]>();
  for (const { resources: names = [], providers: configured = [] } of resources) {
    const ciphers = configured.map((provider) => cipherOf(provider, providers, events));
    for (const name of names) addRule(lists, parseResourceRule(name), ciphers);
  }
  return new Map([...lists].map(([rule, list]) => [rule, new PrefixedCiphers(list, 'no matching prefix found')]));
}

async function readContent(file: string): Promise<string> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(
      `error while parsing file: error while loading file: error reading encryption provider configuration file ${JSON.stringify(file)}: ${(error as Error).message}`,
      { cause: error },
    );
  }
  if (content === '')
    throw new Error(
      `error while parsing file: error while loading file: encryption provider configuration file ${JSON.stringify(file)} is empty`,
    );
  return content;
}

function decode(file: string, content: string, reload: boolean): EncryptionConfiguration {
  const value = decodeFile(file, content);
  const errors = validateConfiguration(value, reload);
  if (errors.length > 0) throw new Error(`error while parsing file: ${aggregate(errors.map(String))}`);
  return value;
}

function decodeFile(file: string, content: string): EncryptionConfiguration {
  try {
    return readConfiguration(content, encryptionConfiguration).value;
  } catch (error) {
    const why = `error decoding encryption provider configuration file ${JSON.stringify(file)}: ${(error as Error).message}`;
    throw new Error(`error while parsing file: ${why}`, { cause: error });
  }
}

function addRule(lists: Map<string, PrefixedCipher[]>, rule: GroupResource, ciphers: readonly PrefixedCipher[]): void {
  for (const earlier of [`*.${rule.group}`, '*.*'])
    if (lists.has(earlier))
      throw new Error(
        `error while building transformers: resource ${JSON.stringify(formatResourceRule(rule))} is masked by earlier rule ${JSON.stringify(earlier)}`,
      );
  const name = formatResourceRule(rule);
  lists.set(name, [...(lists.get(name) ?? []), ...ciphers]);
}

function cipherOf({ aesgcm, aescbc, secretbox, kms }: ProviderConfiguration, providers: KmsProvider[], events: KmsEvents): PrefixedCipher {
  if (aesgcm !== undefined) return keyed('k8s:enc:aesgcm:v1:', 'AES', aesgcm.keys, (secret) => new AesGcm(secret));
  if (aescbc !== undefined) return keyed('k8s:enc:aescbc:v1:', 'AES', aescbc.keys, (secret) => new AesCbc(secret));
  if (secretbox !== undefined) return keyed('k8s:enc:secretbox:v1:', 'Secretbox', secretbox.keys, (secret) => new Secretbox(secret));
  if (kms === undefined) return { prefix: '', cipher: identity };
  const cipher = kmsProvider(kms, events);
  providers.push(cipher);
  return { prefix: `k8s:enc:kms:v2:${kms.name}:`, cipher };
}

function keyed(
  prefix: string,
  what: string,
  keys: readonly KeyConfiguration[] = [],
  make: (secret: Buffer) => ValueCipher,
): PrefixedCipher {
  const ciphers = keys.map(({ name, secret = '' }) => ({ prefix: `${name}:`, cipher: make(Buffer.from(secret, 'base64')) }));
  return { prefix, cipher: new PrefixedCiphers(ciphers, `no matching key was found for the provided ${what} transformer`) };
}

function kmsProvider({ apiVersion = 'v1', name = '', endpoint = '', timeout }: KmsConfiguration, events: KmsEvents) {
  if (apiVersion === 'v1')
    throw new Error(
      'error while building transformers: KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.',
    );
  const timeoutMs = timeout === undefined ? DEFAULT_KMS_TIMEOUT_MS : Number(parseDuration(timeout)) / 1e6;
  return new KmsProvider({ name, service: new KmsClient(endpoint, timeoutMs), ...events });
}
