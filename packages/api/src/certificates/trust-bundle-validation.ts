import { X509Certificate } from 'node:crypto';
import { certificateOf, FieldError, hasHeaders, invalidField, type PemBlock, path, pemBlocks, tooLong } from '@keelson/machinery';

const at = path('spec', 'trustBundle');
const maxBytes = 1024 * 1024;

function problem(detail: string): FieldError {
  return invalidField(at, '<value omitted>', detail);
}

/** The certificate of an entry, or what is wrong with the entry. */
function readEntry(block: PemBlock, i: number): X509Certificate | FieldError {
  if (block.label !== 'CERTIFICATE') return problem(`entry ${i} has bad block type: ${block.label}`);
  if (hasHeaders(block)) return problem(`entry ${i} has PEM block headers`);
  const certificate = certificateOf(block);
  if (certificate === undefined) return problem(`entry ${i} does not parse as X.509`);
  return certificate.ca ? certificate : problem(`entry ${i} does not have the CA bit set`);
}

/** The entries of each certificate, by its bytes. */
function entriesOf(certificates: readonly X509Certificate[]): number[][] {
  const entries = new Map<string, number[]>();
  certificates.forEach(({ raw }, i) => {
    const key = raw.toString('base64');
    entries.set(key, [...(entries.get(key) ?? []), i]);
  });
  return [...entries.values()];
}

/** Certificates of authorities, each once, and nothing else. */
export function validateTrustBundle(bundle: string): FieldError[] {
  if (Buffer.byteLength(bundle) > maxBytes) return [tooLong(at, maxBytes)];
  const read = pemBlocks(bundle).map(readEntry);
  const errors = read.filter((entry) => entry instanceof FieldError);
  if (errors.length > 0) return errors;
  const certificates = read.filter((entry) => entry instanceof X509Certificate);
  if (certificates.length === 0) return [problem('at least one trust anchor must be provided')];
  const repeated = entriesOf(certificates).filter((entries) => entries.length > 1);
  return repeated.map((entries) => problem(`duplicate trust anchor (indices [${entries.join(' ')}])`));
}
