const block = /-----BEGIN ([^-]+)-----[^-]*-----END \1-----/g;

/** A block of a PEM file (RFC 7468), with the lines around it. */
export interface PemBlock {
  /** Such as CERTIFICATE. */
  readonly label: string;
  readonly text: string;
}

/** The blocks of a PEM file, in order, whatever else is in it. */
export function pemBlocks(pem: string): PemBlock[] {
  return Array.from(pem.matchAll(block), ([text, label = '']) => ({ label, text }));
}

/** Headers (RFC 1421) stand between the first line and an empty one. */
export function hasHeaders({ text }: PemBlock): boolean {
  return /^-----BEGIN [^\n]*\n[^\n]*:/.test(text);
}
