import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle, whatever else is in it. Throws when there is none, or one that cannot be read. */
export function pemCertificates(pem: string): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = (pem.match(block) ?? []).map((one) => new X509Certificate(one));
  if (first === undefined) throw new Error('data does not contain any valid RSA or ECDSA certificates');
  return [first, ...others];
}
