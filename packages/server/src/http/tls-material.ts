import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SecureVersion } from 'node:tls';
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
  /** Host names, `*.example.com` included. */
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
        certificate: await readFile(certificateFile),
        key: await readFile(keyFile),
      })),
    ),
  ]);
  return { certificate, key, clientAuthorities, named };
}

/** File events come in bursts, and a certificate and its key are never replaced at the same instant. */
const settleMs = 500;
/** Events can be lost (network file systems), so the files are also read this often. */
const rereadMs = 60_000;

/**
 * Follows the files and hands over their content whenever it changes. Content that cannot be used is logged and the
 * last good one stays. Mounted secrets change by swapping links, so directories are watched, not files.
 */
export class TlsFileWatcher {
  readonly #files: TlsFiles;
  readonly #apply: (material: TlsMaterial) => void;
  readonly #log: Log;
  readonly #watchers: FSWatcher[] = [];
  #interval: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #seen: string;

  constructor(files: TlsFiles, initial: TlsMaterial, apply: (material: TlsMaterial) => void, log: Log) {
    this.#files = files;
    this.#apply = apply;
    this.#log = log;
    this.#seen = fingerprint(initial);
  }

  start(): void {
    const { certificateFile, keyFile, clientAuthorityFiles = [], named = [] } = this.#files;
    const paths = [certificateFile, keyFile, ...clientAuthorityFiles, ...named.flatMap((one) => [one.certificateFile, one.keyFile])];
    for (const directory of new Set(paths.map((path) => dirname(path)))) {
      const watcher = watch(directory, { persistent: false }, () => this.#settle());
      watcher.on('error', (error) => this.#log.warn('cannot watch for certificate changes', { directory, error }));
      this.#watchers.push(watcher);
    }
    this.#interval = setInterval(() => void this.reread(), rereadMs).unref();
  }

  close(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    clearInterval(this.#interval);
    clearTimeout(this.#settling);
  }

  /** Reads the files now and applies them when they have changed. */
  async reread(): Promise<void> {
    try {
      const material = await readTlsFiles(this.#files);
      const seen = fingerprint(material);
      if (seen === this.#seen) return;
      this.#apply(material);
      this.#seen = seen;
      this.#log.info(0, 'reloaded serving certificates', { file: this.#files.certificateFile });
    } catch (error) {
      this.#log.error('cannot reload serving certificates', { file: this.#files.certificateFile, error });
    }
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.reread(), settleMs).unref();
  }
}

function fingerprint(material: TlsMaterial): string {
  return JSON.stringify(material, (_, value: unknown) => (Buffer.isBuffer(value) ? value.toString('latin1') : value));
}
