import { createPublicKey } from 'node:crypto';
import { type Log, quote } from '@keelson/machinery';
import { explaining } from '../explaining.js';
import { signingAlgorithms } from '../service-account/signing-algorithms.js';
import { type TokenKeys, type VerificationKey, VerificationKeys } from '../service-account/verification-keys.js';
import { codeOf, type ExternalSignerCalls, type ExternalSignerObserver } from './signer-client.js';
import type { FetchKeysResponse, SignerKey } from './signer-messages.js';

/** Where the signer could not tell. */
const RETRY_MS = 10_000;
/** A timer cannot wait longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;
export const MAX_KEY_ID_BYTES = 1024;
/** From the year 1 to the year 9999: what RFC 3339 can write. */
const [FIRST_SECOND, LAST_SECOND] = [-62_135_596_800, 253_402_300_799];

export interface ExternalKeysOptions {
  readonly calls: Pick<ExternalSignerCalls, 'fetchKeys'>;
  readonly observer: Pick<ExternalSignerObserver, 'onFetch'>;
  readonly log: Log;
}

/** The keys that a signer tells of: asked again when it says, and when a token names a key that is not among them. */
export class ExternalKeys implements TokenKeys {
  readonly #options: ExternalKeysOptions;
  readonly #changed: (() => void)[] = [];
  #keys = new VerificationKeys([]);
  #dataSeconds = Number.NaN;
  #refreshAtMs = 0;
  #fetching: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ExternalKeysOptions) {
    this.#options = options;
  }

  /** Rejects when the signer does not tell. */
  async start(): Promise<void> {
    await this.#fetch();
    this.#schedule(this.#refreshAtMs - Date.now());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  get all(): readonly VerificationKey[] {
    return this.#keys.all;
  }

  named(id: string | undefined): readonly VerificationKey[] | Promise<readonly VerificationKey[]> {
    const known = this.#keys.named(id);
    return known.length > 0 ? known : this.#fetchNamed(id);
  }

  get maxAgeSeconds(): number {
    return Math.max(0, Math.floor((this.#refreshAtMs - Date.now()) / 1000));
  }

  onChange(changed: () => void): void {
    this.#changed.push(changed);
  }

  async #fetchNamed(id: string | undefined): Promise<readonly VerificationKey[]> {
    try {
      await this.#fetch();
    } catch (error) {
      this.#options.log.error('cannot fetch the keys of the external signer', { error });
      return [];
    }
    return this.#keys.named(id);
  }

  /** Whoever needs it waits for the same answer: tokens that name unknown keys are asked for by anybody. */
  #fetch(): Promise<void> {
    this.#fetching ??= explaining('while fetching token verification keys', () => this.#fetchOnce()).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchOnce(): Promise<void> {
    const { calls, observer } = this.#options;
    try {
      this.#use(await explaining('while getting externally supported jwt signing keys', () => calls.fetchKeys()));
      observer.onFetch('OK', this.#dataSeconds);
    } catch (error) {
      observer.onFetch(codeOf(error));
      throw error;
    }
  }

  #use({ keys, dataTimestamp, refreshHintSeconds }: FetchKeysResponse): void {
    if (refreshHintSeconds <= 0) throw new Error(`found invalid refresh hint (${refreshHintSeconds}s)`);
    if (keys.length === 0) throw new Error('found no keys');
    const dataSeconds = secondsOf(dataTimestamp);
    const old = this.#keys;
    const isNew = dataSeconds !== this.#dataSeconds;
    this.#keys = new VerificationKeys(keys.map(verificationKey));
    this.#dataSeconds = dataSeconds;
    this.#refreshAtMs = Date.now() + refreshHintSeconds * 1000;
    if (isNew || !areSame(old.all, this.#keys.all)) for (const changed of this.#changed) changed();
  }

  #schedule(delayMs: number): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#refresh(), Math.min(delayMs, MAX_TIMER_MS)).unref();
  }

  async #refresh(): Promise<void> {
    try {
      await this.#fetch();
      this.#schedule(this.#refreshAtMs - Date.now());
    } catch (error) {
      if (this.#closed) return;
      this.#options.log.error('cannot fetch the keys of the external signer, the last ones stay', { error });
      this.#schedule(RETRY_MS);
    }
  }
}

function secondsOf(timestamp: FetchKeysResponse['dataTimestamp']): number {
  const invalid = (why: string) => new Error(`invalid data timestamp: proto: ${why}`);
  if (timestamp === null) throw invalid('invalid nil Timestamp');
  const { seconds, nanos } = timestamp;
  const shown = `timestamp (seconds:${seconds} nanos:${nanos})`;
  if (seconds < FIRST_SECOND) throw invalid(`${shown} before 0001-01-01`);
  if (seconds > LAST_SECOND) throw invalid(`${shown} after 9999-12-31`);
  if (nanos < 0 || nanos >= 1e9) throw invalid(`${shown} has out-of-range nanos`);
  return seconds + nanos / 1e9;
}

function verificationKey({ keyId, key: der, excludeFromOidcDiscovery }: SignerKey): VerificationKey {
  if (keyId === '' || Buffer.byteLength(keyId) > MAX_KEY_ID_BYTES) throw new Error(`found invalid public key id ${quote(keyId)}`);
  if (der.length === 0) throw new Error('found empty public key');
  return explaining('while parsing external public keys', () => {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return { id: keyId, key, algorithms: signingAlgorithms(key), ...(excludeFromOidcDiscovery && { unpublished: true }) };
  });
}

function areSame(old: readonly VerificationKey[], now: readonly VerificationKey[]): boolean {
  return old.length === now.length && now.every(({ id, unpublished }, at) => old[at]?.id === id && old[at]?.unpublished === unpublished);
}
