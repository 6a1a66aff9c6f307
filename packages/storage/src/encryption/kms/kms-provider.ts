import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { aggregate } from '@keelson/machinery';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';
import { checkEnvelope, checkKeyId } from './check-envelope.js';
import { DataKeys } from './data-keys.js';
import type { KmsService } from './kms-client.js';
import { type EncryptedObject, encryptedObject, SourceType, type StatusResponse } from './kms-messages.js';
import type { KmsObserver } from './kms-observer.js';
import { SEED_BYTES, SeededGcm } from './seeded-gcm.js';

/** How long writes go on when the plugin does not answer. */
const WRITE_MS = 180_000;
const PROBE_MS = 60_000;
const FAILED_PROBE_MS = 10_000;
/** An answer to a health check is good for so long. */
const HEALTHY_MS = 20_000;
const UNHEALTHY_MS = 3_000;

/** What values are sealed with at present. */
interface Sealing {
  readonly cipher: ValueCipher;
  readonly envelope: Omit<EncryptedObject, 'encryptedData'>;
  readonly expiresAtMs: number;
}

export interface KmsProviderOptions {
  readonly name: string;
  readonly service: KmsService;
  readonly onFailure: (error: unknown) => void;
  readonly observer?: KmsObserver | undefined;
  readonly nowMs?: () => number;
}

/**
 * Envelope encryption with a key management plugin (KMS v2, KEP-3299): values are sealed by a seed made here, which the
 * plugin has encrypted. A new seed is made at the start and when the plugin's key has changed; while the plugin fails,
 * reads of known seeds go on, and writes for three minutes.
 */
export class KmsProvider implements ValueCipher {
  readonly #name: string;
  readonly #service: KmsService;
  readonly #onFailure: (error: unknown) => void;
  readonly #nowMs: () => number;
  readonly #keys: DataKeys;
  readonly #observer: KmsObserver | undefined;
  #sealing: Sealing | undefined;
  #version = '';
  #lastCheck: { readonly atMs: number; readonly failure: unknown } | undefined;
  #checking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ name, service, onFailure, observer, nowMs = Date.now }: KmsProviderOptions) {
    this.#name = name;
    this.#service = service;
    this.#onFailure = onFailure;
    this.#nowMs = nowMs;
    this.#keys = new DataKeys(service, observer);
    this.#observer = observer;
  }

  /** Resolves after the first probe, whatever it says: the plugin may come later than the server. */
  async start(): Promise<void> {
    await this.#probe();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#service.close();
  }

  /** Rejects while the plugin is not healthy. Asked often, the plugin is not. */
  async check(): Promise<void> {
    const last = this.#lastCheck;
    const goodForMs = last?.failure === undefined ? HEALTHY_MS : UNHEALTHY_MS;
    if (last !== undefined && this.#nowMs() - last.atMs < goodForMs) {
      if (last.failure !== undefined) throw last.failure;
      return;
    }
    this.#checking ??= this.#ask().finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  open(sealed: Buffer, key: string): OpenedValue | Promise<OpenedValue> {
    const envelope = encryptedObject.decode(sealed);
    checkEnvelope(envelope);
    const opened = (cipher: ValueCipher): OpenedValue => {
      const { value } = cipher.open(envelope.encryptedData, key) as OpenedValue;
      return { value, stale: this.#isStale(envelope) };
    };
    const cipher = this.#keys.cipherOf(envelope);
    return cipher instanceof Promise ? cipher.then(opened) : opened(cipher);
  }

  seal(value: Uint8Array, key: string): Buffer {
    const { cipher, envelope, expiresAtMs } = this.#requireSealing();
    if (this.#nowMs() > expiresAtMs) throw this.#expired(envelope.keyId, expiresAtMs);
    return encryptedObject.encode({ ...envelope, encryptedData: cipher.seal(value, key) as Buffer });
  }

  #isStale({ keyId, encryptedDekSourceType }: EncryptedObject): boolean {
    const current = this.#sealing?.envelope;
    return current !== undefined && (current.keyId !== keyId || current.encryptedDekSourceType !== encryptedDekSourceType);
  }

  #requireSealing(): Sealing {
    if (this.#sealing === undefined) throw new Error('got unexpected nil transformer');
    return this.#sealing;
  }

  #expired(keyId: string, expiresAtMs: number): Error {
    const now = rfc3339(this.#nowMs());
    return new Error(`encryptedDEKSource with keyID hash ${hashOf(keyId)} expired at ${rfc3339(expiresAtMs)} (current time is ${now})`);
  }

  async #probe(): Promise<void> {
    let failed = false;
    try {
      await this.check();
    } catch (error) {
      failed = true;
      this.#onFailure(error);
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#probe(), failed ? FAILED_PROBE_MS : PROBE_MS).unref();
  }

  async #ask(): Promise<void> {
    let failure: unknown;
    try {
      await this.#checkStatus(await this.#status());
    } catch (error) {
      failure = error;
    }
    this.#lastCheck = { atMs: this.#nowMs(), failure };
    if (failure !== undefined) throw failure;
  }

  async #status(): Promise<StatusResponse> {
    try {
      return await this.#service.status();
    } catch (error) {
      const why = `failed to perform status section of the healthz check for KMS Provider ${this.#name}, error: ${(error as Error).message}`;
      throw new Error(why, { cause: error });
    }
  }

  async #checkStatus({ version, healthz, keyId }: StatusResponse): Promise<void> {
    const problems: string[] = [];
    if (healthz !== 'ok') problems.push(`got unexpected healthz status: ${healthz}`);
    problems.push(...this.#versionProblems(version));
    try {
      checkKeyId(keyId);
      await this.#renew(keyId);
    } catch (error) {
      problems.push((error as Error).message);
    }
    if (problems.length > 0) throw new Error(`kmsv2 Provider ${this.#name} is not healthy, error: ${aggregate(problems)}`);
  }

  #versionProblems(version: string): string[] {
    if (version !== 'v2' && version !== 'v2beta1') return [`expected KMSv2 API version v2, got ${version}`];
    if (this.#version === '') this.#version = version;
    if (this.#version === version) return [];
    return [`KMSv2 API version should not change after the initial status response version ${this.#version}, got ${version}`];
  }

  /** Goes on with the same seed as long as the plugin has the same key. */
  async #renew(keyId: string): Promise<void> {
    const expiresAtMs = this.#nowMs() + WRITE_MS;
    if (this.#sealing?.envelope.keyId === keyId) {
      this.#sealing = { ...this.#sealing, expiresAtMs };
      return;
    }
    const startedAtMs = performance.now();
    const seed = randomBytes(SEED_BYTES);
    this.#observer?.onGenerated(performance.now() - startedAtMs);
    const envelope = await this.#encrypt(seed);
    if (envelope.keyId !== keyId)
      throw new Error(`failed to rotate DEK, statusKeyIDHash=${hashOf(keyId)}, encryptKeyIDHash=${hashOf(envelope.keyId)}`);
    const cipher = new SeededGcm(seed);
    this.#keys.add(envelope, cipher);
    this.#sealing = { cipher, envelope, expiresAtMs };
  }

  async #encrypt(seed: Buffer): Promise<Sealing['envelope']> {
    const answer = await this.#service.encrypt(seed, randomUUID()).catch((error: unknown) => {
      throw new Error(`failed to encrypt DEK, error: ${(error as Error).message}`, { cause: error });
    });
    const { keyId, ciphertext: encryptedDekSource, annotations } = answer;
    const envelope = { keyId, encryptedDekSource, annotations, encryptedDekSourceType: SourceType.seed };
    checkEnvelope({ ...envelope, encryptedData: Buffer.of(0) });
    return envelope;
  }
}

/** Key identifiers are shown by their hashes only. */
function hashOf(keyId: string): string {
  return JSON.stringify(keyId === '' ? '' : `sha256:${createHash('sha256').update(keyId).digest('hex')}`);
}

function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
