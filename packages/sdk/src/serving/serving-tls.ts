import type { ClusterAuthentication } from '@keelson/controllers';
import type { Listener, TlsMaterial } from '@keelson/server';
import type { ServingCertificate } from '../certificates/serving-certificate.js';

/** What the listener proves itself with, and whose client certificates it asks for: both change while it runs. */
export class ServingTls {
  #certificate: ServingCertificate;
  #authorities: readonly string[] = [];
  #listener: Pick<Listener, 'useCertificates'> | undefined;

  constructor(certificate: ServingCertificate) {
    this.#certificate = certificate;
  }

  get material(): TlsMaterial {
    const { certificate, key } = this.#certificate;
    return { certificate, key, clientAuthorities: this.#authorities };
  }

  /** PEM: what clients are to check the certificate by that is shown now. */
  get bundle(): string {
    return this.#certificate.bundle;
  }

  /** From now on the listener uses what is current. */
  connect(listener: Pick<Listener, 'useCertificates'>): void {
    this.#listener = listener;
    listener.useCertificates(this.material);
  }

  useCertificate(certificate: ServingCertificate): void {
    this.#certificate = certificate;
    this.#listener?.useCertificates(this.material);
  }

  trust({ clientAuthorities, frontProxy }: ClusterAuthentication): void {
    this.#authorities = [clientAuthorities, frontProxy?.authorities].filter((pem) => pem !== undefined);
    this.#listener?.useCertificates(this.material);
  }
}
