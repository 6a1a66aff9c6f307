import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import type { CertificateAuthorities } from './certificate-authorities.js';
import { userOfCertificate } from './certificate-user.js';
import { type PresentedCertificates, presentedCertificates } from './presented-certificates.js';
import { tlsConnectionOf } from './tls-peer.js';

/** What a connection's certificate was found to be worth. Times are milliseconds since 1970. */
interface Verdict {
  readonly result?: AuthenticationResult | undefined;
  readonly failure?: Error;
  readonly expiresAt: number;
  /** When the first of the certificates that vouch for it expires: connections may outlive them. */
  readonly goodUntil: number;
}

const noCertificate: Verdict = { expiresAt: Number.POSITIVE_INFINITY, goodUntil: Number.POSITIVE_INFINITY };

/**
 * Knows users by the certificate of their TLS connection, when an authority of `--client-ca-file` issued it. The
 * listener must ask for certificates and check them (`requestCert`), and go on when they are bad.
 */
export class ClientCertificateAuthenticator implements Authenticator {
  #authorities: CertificateAuthorities;
  /** What each connection showed; on resumed sessions, with what vouched for it besides. */
  readonly #presented = new WeakMap<TLSSocket, PresentedCertificates>();
  /** A certificate is examined once per connection. */
  #verdicts = new WeakMap<TLSSocket, Verdict>();
  readonly #onCertificate: (remainingMs: number) => void;

  /** `onCertificate` is told, for each request that comes with a certificate, how long that is still good. */
  constructor(authorities: CertificateAuthorities, onCertificate: (remainingMs: number) => void = () => undefined) {
    this.#onCertificate = onCertificate;
    this.#authorities = authorities;
  }

  /** Replaces the authorities: the next request on an open connection is held against them, too. */
  useAuthorities(authorities: CertificateAuthorities): void {
    this.#authorities = authorities;
    this.#verdicts = new WeakMap();
  }

  authenticate(request: AuthenticationRequest): AuthenticationResult | undefined {
    const connection = tlsConnectionOf(request);
    if (connection === undefined) return undefined;
    let verdict = this.#verdicts.get(connection);
    if (verdict === undefined) {
      verdict = this.#examine(connection);
      this.#verdicts.set(connection, verdict);
    }
    if (verdict === noCertificate) return undefined;
    const nowMs = Date.now();
    this.#onCertificate(verdict.expiresAt - nowMs);
    if (verdict.failure) throw verdict.failure;
    if (verdict.goodUntil <= nowMs) throw new Error('the client certificate has expired');
    return verdict.result;
  }

  #examine(connection: TLSSocket): Verdict {
    const presented = this.#presented.get(connection) ?? presentedCertificates(connection);
    if (presented === undefined) return noCertificate;
    const { own, others } = presented;
    const path = connection.authorized ? this.#authorities.pathOf(own, others) : undefined;
    // Other authorities will not know the intermediates of a resumed session.
    this.#presented.set(connection, { own, others: others.length === 0 && path ? path.slice(1, -1) : others });
    if (path !== undefined) return userVerdict(own, Math.min(...path.map(expiryOf)));
    return refusal(own, connection.authorized ? 'certificate signed by unknown authority' : connection.authorizationError);
  }
}

function userVerdict(certificate: X509Certificate, goodUntil: number): Verdict {
  try {
    const user = userOfCertificate(certificate);
    return { result: user && { user }, expiresAt: expiryOf(certificate), goodUntil };
  } catch (error) {
    return refusal(certificate, error instanceof Error ? error.message : error);
  }
}

function refusal(certificate: X509Certificate, why: unknown): Verdict {
  const expiresAt = expiryOf(certificate);
  return {
    failure: new Error(`verifying certificate SN=${certificate.serialNumber} failed: ${why}`),
    expiresAt,
    goodUntil: expiresAt,
  };
}

function expiryOf({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}
