import type { ApiServer, Instruments, Log } from '@keelson/server';
import type { Encryption } from '@keelson/storage/encryption';
import type { StoragePolicyOptions } from '../options.js';

/** Encryption at rest, when it was asked for. Loaded only then: it brings ciphers and gRPC. */
export async function openEncryption(
  { encryption }: StoragePolicyOptions,
  { storage }: Instruments,
  log: Log,
): Promise<Encryption | undefined> {
  if (encryption === undefined) return undefined;
  const { Encryption } = await import('@keelson/storage/encryption');
  return Encryption.open({ ...encryption, log, onReload: storage.onEncryptionReload, kmsObserver: storage.kms });
}

/** The server is as healthy as the key management plugins it needs. */
export function addEncryptionHealth({ health }: ApiServer, encryption: Encryption | undefined): void {
  if (encryption?.hasProviders) health.add('kms-providers', () => encryption.check());
}
