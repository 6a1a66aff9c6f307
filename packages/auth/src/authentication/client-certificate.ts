import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { userOfCertificate } from './certificate-user.js';
import { type CertificateVerdict, type CertificateVerifier, requireGood } from './certificate-verifier.js';

export interface ClientCertificateOptions {
  /** Whether a user's uid is taken from the certificate; default true. */
  readonly readsUid?: boolean;
  /** Told, for each request that comes with a certificate, how long that is still good. */
  readonly onCertificate?: (remainingMs: number) => void;
}

/** Knows users by the certificate of their TLS connection, when an authority of `--client-ca-file` issued it. */
export class ClientCertificateAuthenticator implements Authenticator {
  readonly #verifier: CertificateVerifier;
  readonly #readsUid: boolean;
  /** A good certificate is read once per connection. */
  readonly #results = new WeakMap<CertificateVerdict, AuthenticationResult | 'nobody'>();
  readonly #onCertificate: (remainingMs: number) => void;

  constructor(verifier: CertificateVerifier, { readsUid = true, onCertificate = () => undefined }: ClientCertificateOptions = {}) {
    this.#verifier = verifier;
    this.#readsUid = readsUid;
    this.#onCertificate = onCertificate;
  }

  authenticate(request: AuthenticationRequest): AuthenticationResult | undefined {
    const verdict = this.#verifier.verdictOn(request);
    if (verdict === undefined) return undefined;
    this.#onCertificate(verdict.expiresAtMs - Date.now());
    requireGood(verdict);
    let result = this.#results.get(verdict);
    if (result === undefined) {
      const user = userOfCertificate(verdict.certificate, this.#readsUid);
      result = user === undefined ? 'nobody' : { user };
      this.#results.set(verdict, result);
    }
    return result === 'nobody' ? undefined : result;
  }
}
