import { aggregate, FileFollower, type GroupResource, type Log } from '@keelson/machinery';
import { formatResourceRule } from './configuration/resource-rule.js';
import type { ResourceCiphers } from './encrypted-backend.js';
import type { KmsObserver } from './kms/kms-observer.js';
import { type KmsEvents, type LoadedEncryption, loadEncryption } from './load-encryption.js';
import type { ValueCipher } from './value-cipher.js';

export interface EncryptionOptions {
  readonly file: string;
  /** Follow the file, and use what it says from then on. */
  readonly reload: boolean;
  readonly log: Log;
  /** Told of every reload, for metrics. */
  readonly onReload?: (failed: boolean) => void;
  readonly kmsObserver?: KmsObserver;
}

/** Requests under way may still need what an earlier content of the file said. */
const CLOSE_AFTER_MS = 60_000;

/** Encryption at rest as `--encryption-provider-config` has it. */
export class Encryption implements ResourceCiphers {
  readonly #options: EncryptionOptions;
  readonly #follower: FileFollower;
  #loaded: LoadedEncryption;
  #reloading: Promise<void> = Promise.resolve();

  private constructor(options: EncryptionOptions, loaded: LoadedEncryption) {
    this.#options = options;
    this.#loaded = loaded;
    const look = () => void this.reload();
    this.#follower = new FileFollower([options.file], look, (directory, error) =>
      options.log.warn('cannot watch for changes of the encryption configuration', { directory, error }),
    );
    if (options.reload) this.#follower.start();
  }

  /** Rejects when the file cannot be used; a key management plugin that does not answer yet is no reason. */
  static async open(options: EncryptionOptions): Promise<Encryption> {
    return new Encryption(options, await loadEncryption(options.file, options.reload, kmsEvents(options)));
  }

  cipherOf({ group, resource }: GroupResource): ValueCipher | undefined {
    const { ciphers } = this.#loaded;
    return ciphers.get(formatResourceRule({ group, resource })) ?? ciphers.get(`*.${group}`) ?? ciphers.get('*.*');
  }

  /** Rejects while a key management plugin is not healthy. */
  async check(): Promise<void> {
    const results = await Promise.allSettled(this.#loaded.providers.map((provider) => provider.check()));
    const problems = results.flatMap((result, at) =>
      result.status === 'rejected' ? [`kms-provider-${at}: ${(result.reason as Error).message}`] : [],
    );
    if (problems.length > 0) throw new Error(aggregate(problems));
  }

  /** Whether there is anything whose health is to be shown. */
  get hasProviders(): boolean {
    return this.#options.reload || this.#loaded.providers.length > 0;
  }

  /** Reads the file again; what cannot be used is logged, and what was there stays. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload());
    return this.#reloading;
  }

  async close(): Promise<void> {
    this.#follower.close();
    await this.#reloading;
    closeAll(this.#loaded);
  }

  async #reload(): Promise<void> {
    const { file, log, onReload } = this.#options;
    try {
      const loaded = await loadEncryption(file, true, kmsEvents(this.#options));
      if (loaded.content === this.#loaded.content) return closeAll(loaded);
      await requireHealthy(loaded);
      const replaced = this.#loaded;
      this.#loaded = loaded;
      setTimeout(() => closeAll(replaced), CLOSE_AFTER_MS).unref();
      onReload?.(false);
      log.info(0, 'reloaded the encryption configuration', { file });
    } catch (error) {
      onReload?.(true);
      log.error('cannot reload the encryption configuration', { file, error });
    }
  }
}

function kmsEvents({ log, kmsObserver: observer }: EncryptionOptions): KmsEvents {
  return { onFailure: (error) => log.error('a key management plugin is not healthy', { error }), observer };
}

/** A new content takes over only when its plugins answer, so that no write fails for it. */
async function requireHealthy(loaded: LoadedEncryption): Promise<void> {
  try {
    await Promise.all(loaded.providers.map((provider) => provider.check()));
  } catch (error) {
    closeAll(loaded);
    throw error;
  }
}

function closeAll({ providers }: LoadedEncryption): void {
  for (const provider of providers) provider.close();
}
