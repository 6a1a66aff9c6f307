import { readFile } from 'node:fs/promises';
import type { SecureVersion } from 'node:tls';
import { FileFollower } from '@keelson/machinery';
import type { Log } from '../logging/log.js';

/** PEM texts the server proves itself with and checks clients by. */
export interface TlsMaterial {
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
  /** Authorities of client certificates; their names are advertised in the handshake. */
  readonly clientAuthorities?: readonly (string | Buffer)[];
  /** Other certificates, chosen by the name a client asks for (SNI). */
  readonly named?: readonly NamedCertificate[];
}

export interface NamedCertificate {
  /** Host names, `*.example.com` included; none: those that the certificate is for. */
  readonly names: readonly string[];
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
}

export interface TlsPolicy {
  readonly minVersion?: SecureVersion;
  /** OpenSSL names, colon separated. */
  readonly ciphers?: string;
}

export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientAuthorityFiles?: readonly string[];
  readonly named?: readonly { readonly names: readonly string[]; readonly certificateFile: string; readonly keyFile: string }[];
}

export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  const [certificate, key, clientAuthorities, named] = await Promise.all([
    readFile(files.certificateFile),
    readFile(files.keyFile),
    Promise.all((files.clientAuthorityFiles ?? []).map((file) => readFile(file))),
    Promise.all(
      (files.named ?? []).map(async ({ names, certificateFile, keyFile }) => ({
        names,
        certificate: await readNamed(certificateFile),
        key: await readNamed(keyFile),
      })),
    ),
  ]);
  return { certificate, key, clientAuthorities, named };
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`failed to load SNI cert and key: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Follows the files and hands over their content whenever it changes. Content that cannot be used is logged and the
 * last good one stays.
 */
export class TlsFileWatcher {
  readonly #files: TlsFiles;
  readonly #apply: (material: TlsMaterial) => void;
  readonly #log: Log;
  readonly #what: string;
  readonly #follower: FileFollower;
  #seen: string;

  /** `what` the material is, for the log. */
  constructor(files: TlsFiles, initial: TlsMaterial, apply: (material: TlsMaterial) => void, log: Log, what = 'serving certificates') {
    this.#files = files;
    this.#apply = apply;
    this.#log = log;
    this.#what = what;
    this.#seen = fingerprint(initial);
    this.#follower = new FileFollower(
      pathsOf(files),
      () => void this.reread(),
      (directory, error) => log.warn('cannot watch for certificate changes', { directory, error }),
    );
  }

  start(): void {
    this.#follower.start();
  }

  close(): void {
    this.#follower.close();
  }

  /** Reads the files now and applies them when they have changed. */
  async reread(): Promise<void> {
    try {
      const material = await readTlsFiles(this.#files);
      const seen = fingerprint(material);
      if (seen === this.#seen) return;
      this.#apply(material);
      this.#seen = seen;
      this.#log.info(0, `reloaded ${this.#what}`, { file: this.#files.certificateFile });
    } catch (error) {
      this.#log.error(`cannot reload ${this.#what}`, { file: this.#files.certificateFile, error });
    }
  }
}

function pathsOf({ certificateFile, keyFile, clientAuthorityFiles = [], named = [] }: TlsFiles): string[] {
  return [certificateFile, keyFile, ...clientAuthorityFiles, ...named.flatMap((one) => [one.certificateFile, one.keyFile])];
}

function fingerprint(material: TlsMaterial): string {
  return JSON.stringify(material, (_, value: unknown) => (Buffer.isBuffer(value) ? value.toString('latin1') : value));
}
