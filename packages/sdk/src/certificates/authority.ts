import { X509Certificate } from 'node:crypto';
import { type AuthoritySpec, authorityLifetimeMs, newPrivateKey, signCertificate } from '@keelson/pki';

/** An authority that signs serving certificates, PEM. */
export interface Authority {
  readonly certificate: string;
  readonly privateKey: string;
  /** Its certificate, and those of the authorities before it that may still be in use. */
  readonly bundle: string;
}

/** Renewed when less than this part of its life is left. */
const RENEWAL = 0.2;

/** A new one, which clients are to trust beside `before`. */
export async function newAuthority(name: string, now: Date, before?: Authority): Promise<Authority> {
  const privateKey = await newPrivateKey();
  const spec: AuthoritySpec = { kind: 'authority', path: 'ca', commonName: `${name}-ca@${Math.floor(now.getTime() / 1000)}` };
  const certificate = await signCertificate({ spec, privateKey, now });
  return { certificate, privateKey, bundle: before === undefined ? certificate : certificate + before.certificate };
}

export function isWornOut({ certificate }: Pick<Authority, 'certificate'>, now: Date): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) - now.getTime() < authorityLifetimeMs * RENEWAL;
}
