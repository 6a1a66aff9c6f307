import { randomUUID } from 'node:crypto';
import { LruMap } from '@keelson/machinery';
import { AesGcm } from '../ciphers/aes-gcm.js';
import type { ValueCipher } from '../value-cipher.js';
import type { KmsService } from './kms-client.js';
import { type EncryptedObject, SourceType } from './kms-messages.js';
import type { KmsObserver } from './kms-observer.js';
import { SeededGcm } from './seeded-gcm.js';

/** Each replica makes a source at its start and whenever the plugin's key changes: there are few. */
const MAX_SOURCES = 1000;
/** A source that the plugin would not open is not asked for again so soon: thousands of values may need it. */
const REFUSAL_MS = 3_000;

type Source = Pick<EncryptedObject, 'keyId' | 'encryptedDekSource' | 'annotations' | 'encryptedDekSourceType'>;

/** The opened sources of data encryption keys: the plugin is asked once for each, whatever number of values it is for. */
export class DataKeys {
  readonly #service: KmsService;
  readonly #ciphers = new LruMap<string, ValueCipher | Promise<ValueCipher>>(MAX_SOURCES);

  readonly #observer: KmsObserver | undefined;

  constructor(service: KmsService, observer?: KmsObserver) {
    this.#service = service;
    this.#observer = observer;
  }

  cipherOf(source: Source): ValueCipher | Promise<ValueCipher> {
    const id = idOf(source);
    return this.#ciphers.get(id) ?? this.#fetch(id, source);
  }

  /** Spares asking the plugin for a source that was made here. */
  add(source: Source, cipher: ValueCipher): void {
    this.#ciphers.set(idOf(source), cipher);
  }

  #fetch(id: string, source: Source): Promise<ValueCipher> {
    this.#observer?.onMiss();
    const fetched = this.#decrypt(source);
    this.#ciphers.set(id, fetched);
    fetched.then(
      (cipher) => this.#ciphers.set(id, cipher),
      () => setTimeout(() => this.#ciphers.delete(id), REFUSAL_MS).unref(),
    );
    return fetched;
  }

  async #decrypt({ encryptedDekSource: ciphertext, keyId, annotations, encryptedDekSourceType }: Source): Promise<ValueCipher> {
    const key = await this.#service.decrypt({ ciphertext, uid: randomUUID(), keyId, annotations }).catch((error: unknown) => {
      throw new Error(`failed to decrypt DEK, error: ${(error as Error).message}`, { cause: error });
    });
    return encryptedDekSourceType === SourceType.seed ? new SeededGcm(key) : new AesGcm(key);
  }
}

function idOf({ encryptedDekSourceType, encryptedDekSource, keyId, annotations }: Source): string {
  const sorted = Object.entries(annotations).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([
    encryptedDekSourceType,
    encryptedDekSource.toString('base64'),
    keyId,
    sorted.map(([key, value]) => [key, value.toString('base64')]),
  ]);
}
