import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { isIssuedUnder, parseCertificates } from './certificate-authorities.js';
import { userOfCertificate } from './certificate-user.js';
import { tlsConnectionOf } from './tls-peer.js';

/** What a connection's certificate was found to be worth. */
interface Verdict {
  readonly result?: AuthenticationResult | undefined;
  readonly failure?: Error;
  /** Milliseconds since 1970; connections may outlive their certificate. */
  readonly expiresAt: number;
}

/**
 * Knows users by the certificate of their TLS connection, when an authority of `--client-ca-file` issued it. The
 * listener must ask for certificates and check them (`requestCert`), and go on when they are bad.
 */
export class ClientCertificateAuthenticator implements Authenticator {
  #authorities: readonly X509Certificate[];
  /** A certificate is examined once per connection. */
  #verdicts = new WeakMap<TLSSocket, Verdict>();
  readonly #onCertificate: (remainingMs: number) => void;

  /** `onCertificate` is told, for each request that comes with a certificate, how long that is still good. */
  constructor(authoritiesPem: string, onCertificate: (remainingMs: number) => void = () => undefined) {
    this.#onCertificate = onCertificate;
    this.#authorities = parseCertificates(authoritiesPem);
  }

  /** Replaces the authorities, for open connections too. Throws when there is no certificate in the bundle. */
  useAuthorities(authoritiesPem: string): void {
    this.#authorities = parseCertificates(authoritiesPem);
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
    const remainingMs = verdict.expiresAt - Date.now();
    if (remainingMs < Number.POSITIVE_INFINITY) this.#onCertificate(remainingMs);
    if (verdict.failure) throw verdict.failure;
    if (remainingMs <= 0) throw new Error('the client certificate has expired');
    return verdict.result;
  }

  #examine(connection: TLSSocket): Verdict {
    const certificate = connection.getPeerX509Certificate();
    if (certificate === undefined) return { expiresAt: Number.POSITIVE_INFINITY };
    const expiresAt = Date.parse(certificate.validTo);
    const refuse = (why: unknown): Verdict => ({
      failure: new Error(`verifying certificate SN=${certificate.serialNumber} failed: ${why}`),
      expiresAt,
    });
    if (!connection.authorized) return refuse(connection.authorizationError);
    if (!isIssuedUnder(this.#authorities, certificate)) return refuse('certificate signed by unknown authority');
    try {
      const user = userOfCertificate(certificate);
      return { result: user && { user }, expiresAt };
    } catch (error) {
      return refuse(error instanceof Error ? error.message : error);
    }
  }
}
