import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** More than these are somebody's attempt to keep us busy. */
const maxOthers = 8;

/** The certificates a client showed in its handshake. */
export interface PresentedCertificates {
  readonly own: X509Certificate;
  /** What is to vouch for it. Nothing on resumed sessions. */
  readonly others: readonly X509Certificate[];
}

/** Node tells the others only to the first who asks. */
const told = new WeakMap<TLSSocket, PresentedCertificates>();

export function presentedCertificates(connection: TLSSocket): PresentedCertificates | undefined {
  const known = told.get(connection);
  if (known !== undefined) return known;
  const own = connection.getPeerX509Certificate();
  if (own === undefined) return undefined;
  const others: X509Certificate[] = [];
  for (let next = own.issuerCertificate; next !== undefined && others.length < maxOthers; next = next.issuerCertificate) others.push(next);
  const presented = { own, others };
  told.set(connection, presented);
  return presented;
}
