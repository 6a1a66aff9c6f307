import { readFile } from 'node:fs/promises';
import { FileFollower, type Log } from '@keelson/machinery';
import type { CertificateSource, ServingCertificate } from './serving-certificate.js';

/** Files that somebody else keeps current, such as cert-manager; PEM. */
export interface CertificateFilePaths {
  readonly certFile: string;
  readonly keyFile: string;
  /** What clients are to check the certificate by. */
  readonly caFile: string;
}

export class CertificateFiles implements CertificateSource {
  readonly #paths: CertificateFilePaths;
  readonly #log: Log;
  #last: ServingCertificate | undefined;

  constructor(paths: CertificateFilePaths, log: Log) {
    this.#paths = paths;
    this.#log = log;
  }

  async current(): Promise<ServingCertificate> {
    const { certFile, keyFile, caFile } = this.#paths;
    const [certificate, key, bundle] = await Promise.all([certFile, keyFile, caFile].map((file) => readFile(file, 'utf8')));
    const read = { certificate: certificate ?? '', key: key ?? '', bundle: bundle ?? '' };
    const last = this.#last;
    if (last === undefined || (['certificate', 'key', 'bundle'] as const).some((part) => last[part] !== read[part])) this.#last = read;
    return this.#last ?? read;
  }

  follow(onChange: () => void): () => void {
    const { certFile, keyFile, caFile } = this.#paths;
    const follower = new FileFollower([certFile, keyFile, caFile], onChange, (directory, error) =>
      this.#log.warn('changes of certificates may be noticed late', { directory, error }),
    );
    follower.start();
    return () => follower.close();
  }
}
