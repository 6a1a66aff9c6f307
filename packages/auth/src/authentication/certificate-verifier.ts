import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { AuthenticationRequest } from '@keelson/machinery';
import type { CertificateAuthorities } from './certificate-authorities.js';
import { type PresentedCertificates, presentedCertificates } from './presented-certificates.js';
import { tlsConnectionOf } from './tls-peer.js';

/** What a connection's certificate was found to be worth. Times are milliseconds since 1970. */
export interface CertificateVerdict {
  readonly certificate: X509Certificate;
  readonly expiresAtMs: number;
  /** When the first of the certificates that vouch for it expires: connections may outlive them. */
  readonly goodUntilMs: number;
  readonly failure?: Error;
}

/**
 * Judges the certificates of TLS connections by the authorities of one purpose. The listener must ask for certificates
 * and check them (`requestCert`), and go on when they are bad.
 */
export class CertificateVerifier {
  #authorities: CertificateAuthorities;
  /** On resumed sessions, what vouched for a certificate besides what its connection showed. */
  readonly #found = new WeakMap<TLSSocket, PresentedCertificates>();
  /** A certificate is examined once per connection. */
  #verdicts = new WeakMap<TLSSocket, CertificateVerdict | undefined>();

  constructor(authorities: CertificateAuthorities) {
    this.#authorities = authorities;
  }

  /** Replaces the authorities: the next request on an open connection is held against them, too. */
  useAuthorities(authorities: CertificateAuthorities): void {
    this.#authorities = authorities;
    this.#verdicts = new WeakMap();
  }

  /** The same for all requests of a connection; undefined where there is no certificate. */
  verdictOn(request: AuthenticationRequest): CertificateVerdict | undefined {
    const connection = tlsConnectionOf(request);
    if (connection === undefined) return undefined;
    let verdict = this.#verdicts.get(connection);
    if (verdict === undefined && !this.#verdicts.has(connection)) {
      verdict = this.#examine(connection);
      this.#verdicts.set(connection, verdict);
    }
    return verdict;
  }

  #examine(connection: TLSSocket): CertificateVerdict | undefined {
    const presented = this.#found.get(connection) ?? presentedCertificates(connection);
    if (presented === undefined) return undefined;
    const { own, others } = presented;
    const path = connection.authorized ? this.#authorities.pathOf(own, others) : undefined;
    // Other authorities will not know the intermediates of a resumed session.
    if (others.length === 0 && path) this.#found.set(connection, { own, others: path.slice(1, -1) });
    const expiresAtMs = expiryOf(own);
    if (path !== undefined) return { certificate: own, expiresAtMs, goodUntilMs: Math.min(...path.map(expiryOf)) };
    const why = connection.authorized ? 'certificate signed by unknown authority' : connection.authorizationError;
    return { certificate: own, expiresAtMs, goodUntilMs: expiresAtMs, failure: failureOf(own, why) };
  }
}

/** Throws unless the certificate was found to be good and still is. */
export function requireGood({ certificate, failure, goodUntilMs }: CertificateVerdict): void {
  if (failure) throw failure;
  if (goodUntilMs <= Date.now()) throw failureOf(certificate, 'certificate has expired');
}

function failureOf({ serialNumber }: X509Certificate, why: unknown): Error {
  return new Error(`verifying certificate SN=${serialNumber} failed: ${why}`);
}

function expiryOf({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}
