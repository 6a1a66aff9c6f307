import type { X509Certificate } from 'node:crypto';
import { pemCertificates } from '@keelson/machinery';

/** Intermediates are few; more than this many are somebody's attempt to fill the memory. */
const maxIntermediates = 100;

/** Certificates from one that is presented up to the authority that vouches for it, both included. */
export type CertificatePath = readonly [X509Certificate, ...X509Certificate[]];

/** The authorities of a PEM bundle. */
export class CertificateAuthorities {
  readonly #roots: readonly X509Certificate[];
  /**
   * Those that a path led through, by fingerprint, the latest used last. A resumed TLS session has its own certificate
   * only; what vouches for that came with the session's first connection.
   */
  readonly #intermediates = new Map<string, X509Certificate>();

  /** Throws when there is no certificate in the bundle. */
  constructor(pem: string) {
    this.#roots = pemCertificates(pem);
  }

  /**
   * The way from a certificate to one of these authorities, directly, by the others that came with it, or by the
   * intermediates of earlier paths; undefined when there is none today. The handshake checks the rest (what the
   * certificates may be used for), but against every authority that the port accepts.
   */
  pathOf(certificate: X509Certificate, others: readonly X509Certificate[]): CertificatePath | undefined {
    const path = this.#findPath(certificate, new Set([...others, ...this.#intermediates.values()]));
    for (const intermediate of path?.slice(1, -1) ?? []) this.#remember(intermediate);
    return path;
  }

  /** Looks at each candidate once, whatever they claim about each other. */
  #findPath(certificate: X509Certificate, candidates: Set<X509Certificate>): CertificatePath | undefined {
    const paths: [X509Certificate, ...X509Certificate[]][] = [[certificate]];
    for (const path of paths) {
      const subject = path.at(-1) ?? certificate;
      if (this.#roots.some((root) => root.raw.equals(subject.raw))) return path;
      const root = this.#roots.find((one) => isIssuedBy(subject, one));
      if (root !== undefined) return [...path, root];
      for (const issuer of candidates) {
        if (!issuer.ca || !isIssuedBy(subject, issuer)) continue;
        candidates.delete(issuer);
        paths.push([...path, issuer]);
      }
    }
    return undefined;
  }

  #remember(intermediate: X509Certificate): void {
    const { fingerprint256 } = intermediate;
    this.#intermediates.delete(fingerprint256);
    this.#intermediates.set(fingerprint256, intermediate);
    for (const oldest of this.#intermediates.keys()) {
      if (this.#intermediates.size <= maxIntermediates) return;
      this.#intermediates.delete(oldest);
    }
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isCurrent(issuer) && certificate.verify(issuer.publicKey);
}

function isCurrent({ validFrom, validTo }: X509Certificate): boolean {
  const nowMs = Date.now();
  return Date.parse(validFrom) <= nowMs && nowMs < Date.parse(validTo);
}
