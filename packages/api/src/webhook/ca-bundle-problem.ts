import { certificateOf, hasHeaders, type PemBlock, pemBlocks } from '@keelson/machinery';

/** What is wrong with a bundle of authorities, in base64 of PEM, in the words of Go's clients; an empty one is in order. */
export function caBundleProblem(caBundle: string): string | undefined {
  if (caBundle === '') return undefined;
  const blocks = pemBlocks(Buffer.from(caBundle, 'base64').toString('latin1')).filter(isReadable);
  const certificates = blocks.filter((block) => block.label === 'CERTIFICATE' && !hasHeaders(block));
  if (certificates.some((block) => certificateOf(block) !== undefined)) return undefined;
  return `unable to load root certificates: ${problemOf(blocks, certificates)}`;
}

function problemOf(blocks: readonly PemBlock[], certificates: readonly PemBlock[]): string {
  if (blocks.length === 0) return 'unable to parse bytes as PEM block';
  return certificates.length > 0 ? 'failed to parse certificate: x509: malformed certificate' : 'no valid certificate authority data seen';
}

const base64 = /^-----BEGIN [^-]+-----\s(?:[^:\n]+: .*\n)*[A-Za-z0-9+/=\s]*-----END/;

function isReadable({ text }: PemBlock): boolean {
  return base64.test(text);
}
