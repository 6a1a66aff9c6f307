import { X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem-blocks.js';

/** The certificates of a PEM bundle, whatever else is in it. Throws when there is none, or one that cannot be read. */
export function pemCertificates(pem: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pemBlocks(pem).filter(({ label }) => label === 'CERTIFICATE');
  const [first, ...others] = blocks.map(({ text }) => new X509Certificate(text));
  if (first === undefined) throw new Error('data does not contain any valid RSA or ECDSA certificates');
  return [first, ...others];
}
