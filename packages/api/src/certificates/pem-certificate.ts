import { X509Certificate } from 'node:crypto';
import type { PemBlock } from '@keelson/machinery';

/** The certificate in a block; none where it cannot be read. Whoever wrote it is told which one; the parser's reason means nothing to them. */
export function certificateOf({ text }: PemBlock): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

/** Headers (RFC 1421) stand between the first line and an empty one. */
export function hasHeaders({ text }: PemBlock): boolean {
  return /^-----BEGIN [^\n]*\n[^\n]*:/.test(text);
}
