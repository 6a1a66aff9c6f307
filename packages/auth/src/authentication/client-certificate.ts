import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { userOfCertificate } from './certificate-user.js';
import { type CertificateVerdict, type CertificateVerifier, requireGood } from './certificate-verifier.js';

/** Knows users by the certificate of their TLS connection, when an authority of `--client-ca-file` issued it. */
export class ClientCertificateAuthenticator implements Authenticator {
  readonly #verifier: CertificateVerifier;
  /** A good certificate is read once per connection. */
  readonly #results = new WeakMap<CertificateVerdict, AuthenticationResult | 'nobody'>();
  readonly #onCertificate: (remainingMs: number) => void;

  /** `onCertificate` is told, for each request that comes with a certificate, how long that is still good. */
  constructor(verifier: CertificateVerifier, onCertificate: (remainingMs: number) => void = () => undefined) {
    this.#verifier = verifier;
    this.#onCertificate = onCertificate;
  }

  authenticate(request: AuthenticationRequest): AuthenticationResult | undefined {
    const verdict = this.#verifier.verdictOn(request);
    if (verdict === undefined) return undefined;
    this.#onCertificate(verdict.expiresAtMs - Date.now());
    requireGood(verdict);
    let result = this.#results.get(verdict);
    if (result === undefined) {
      const user = userOfCertificate(verdict.certificate);
      result = user === undefined ? 'nobody' : { user };
      this.#results.set(verdict, result);
    }
    return result === 'nobody' ? undefined : result;
  }
}
