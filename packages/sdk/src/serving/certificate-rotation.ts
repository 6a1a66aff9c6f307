import { RepeatedTask } from '@keelson/controllers';
import type { Log } from '@keelson/machinery';
import type { CertificateSource, ServingCertificate } from '../certificates/serving-certificate.js';

/** Others may have replaced the authority, or the files. */
const CHECK_MS = 60_000;

/** Looks again and again whether there is another certificate to serve with. */
export class CertificateRotation {
  readonly #source: CertificateSource;
  readonly #use: (certificate: ServingCertificate) => Promise<void>;
  readonly #check: RepeatedTask;
  #current: ServingCertificate;

  /** `use` is told of each certificate after `current`; it is told again where it fails. */
  constructor(source: CertificateSource, current: ServingCertificate, use: (certificate: ServingCertificate) => Promise<void>, log: Log) {
    this.#source = source;
    this.#current = current;
    this.#use = use;
    this.#check = new RepeatedTask(
      () => this.check(new Date()),
      CHECK_MS,
      (error) => log.error('the serving certificate could not be renewed', { error }),
    );
  }

  start(): void {
    void this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  async check(now: Date): Promise<void> {
    const found = await this.#source.current(now);
    if (found === this.#current) return;
    await this.#use(found);
    this.#current = found;
  }
}
