import { RepeatedTask } from '@keelson/controllers';
import type { Log } from '@keelson/machinery';
import type { CertificateSource, ServingCertificate } from '../certificates/serving-certificate.js';

/** Certificates wear out without anybody changing them. */
const CHECK_MS = 60_000;

/** Begins to serve with this certificate; gives up when the signal is aborted. */
export type UseCertificate = (certificate: ServingCertificate, signal: AbortSignal) => Promise<void>;

/** Looks for another certificate to serve with, again and again and when there may be one. */
export class CertificateRotation {
  readonly #source: CertificateSource;
  readonly #use: UseCertificate;
  readonly #check: RepeatedTask;
  readonly #stopping = new AbortController();
  #current: ServingCertificate;
  #unfollow: () => void = () => undefined;

  /** `use` is told of each certificate after `current`; it is told again where it fails. */
  constructor(source: CertificateSource, current: ServingCertificate, use: UseCertificate, log: Log) {
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
    this.#unfollow = this.#source.follow(() => this.#check.nextWithin(0));
  }

  stop(): Promise<void> {
    this.#unfollow();
    this.#stopping.abort();
    return this.#check.stop();
  }

  async check(now: Date): Promise<void> {
    const found = await this.#source.current(now);
    if (found === this.#current) return;
    await this.#use(found, this.#stopping.signal);
    this.#current = found;
  }
}
