import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { certificateOf, type PemBlock, pemBlocks } from '@keelson/machinery';

type Found = { readonly found: PemBlock } | { readonly problem: string };

function firstCertificate(pem: string): Found {
  const blocks = pemBlocks(pem);
  const found = blocks.find(({ label }) => label === 'CERTIFICATE');
  if (found !== undefined) return { found };
  if (blocks.length === 0) return { problem: 'tls: failed to find any PEM data in certificate input' };
  if (blocks.length === 1 && blocks[0]?.label.endsWith('PRIVATE KEY')) {
    const switched = 'but did find a private key; PEM inputs may have been switched';
    return { problem: `tls: failed to find certificate PEM data in certificate input, ${switched}` };
  }
  return { problem: `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping ${skipped(blocks)}` };
}

function firstKey(pem: string): Found {
  const blocks = pemBlocks(pem);
  const found = blocks.find(({ label }) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'));
  if (found !== undefined) return { found };
  if (blocks.length === 0) return { problem: 'tls: failed to find any PEM data in key input' };
  if (blocks.length === 1 && blocks[0]?.label === 'CERTIFICATE') {
    return { problem: 'tls: found a certificate rather than a key in the PEM for the private key' };
  }
  return { problem: `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping ${skipped(blocks)}` };
}

function skipped(blocks: readonly PemBlock[]): string {
  return `PEM blocks of the following types: [${blocks.map(({ label }) => label).join(' ')}]`;
}

function keyOf({ text }: PemBlock): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

function mismatch(certificate: X509Certificate, key: KeyObject): string | undefined {
  if (certificate.publicKey.asymmetricKeyType !== key.asymmetricKeyType) return 'tls: private key type does not match public key type';
  return certificate.checkPrivateKey(key) ? undefined : 'tls: private key does not match public key';
}

/** Why no server could serve with this certificate and key, both in PEM. */
export function keyPairWarnings(certificatePem: string, keyPem: string): string[] {
  const block = firstCertificate(certificatePem);
  if ('problem' in block) return [block.problem];
  const keyBlock = firstKey(keyPem);
  if ('problem' in keyBlock) return [keyBlock.problem];
  const certificate = certificateOf(block.found);
  if (certificate === undefined) return ['x509: malformed certificate'];
  const key = keyOf(keyBlock.found);
  if (key === undefined) return ['tls: failed to parse private key'];
  const problem = mismatch(certificate, key);
  return problem === undefined ? [] : [problem];
}
