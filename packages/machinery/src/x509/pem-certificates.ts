import { X509Certificate } from 'node:crypto';
import { type PemBlock, pemBlocks } from './pem-blocks.js';

/** The certificates of a PEM bundle, whatever else is in it. Throws when there is none, or one that cannot be read. */
export function pemCertificates(pem: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pemBlocks(pem).filter(({ label }) => label === 'CERTIFICATE');
  const [first, ...others] = blocks.map(({ text }) => new X509Certificate(text));
  if (first === undefined) throw new Error('data does not contain any valid RSA or ECDSA certificates');
  return [first, ...others];
}

/** The certificate in a block; none where it cannot be read. Whoever wrote it is told which one; the parser's reason means nothing to them. */
export function certificateOf({ text }: PemBlock): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}
