import { createHash, type X509Certificate } from 'node:crypto';
import type { UserInfo } from '@keelson/machinery';
import { credentialIdKey } from './well-known.js';

/** Attribute of a subject that carries the user's uid. */
const uidAttribute = '1.3.6.1.4.1.57683.2';

/** Whom a certificate speaks for: its common name, its organizations as groups. Undefined without a common name. */
export function userOfCertificate(certificate: X509Certificate, readsUid: boolean): UserInfo | undefined {
  const subject = subjectOf(certificate);
  const name = commonName(subject);
  if (name === '') return undefined;
  const uid = readsUid ? uidOf(valuesOf(subject[uidAttribute])) : undefined;
  return {
    name,
    ...(uid !== undefined && { uid }),
    groups: valuesOf(subject.O),
    extra: { [credentialIdKey]: [`X509SHA256=${createHash('sha256').update(certificate.raw).digest('hex')}`] },
  };
}

export function commonNameOf(certificate: X509Certificate): string {
  return commonName(subjectOf(certificate));
}

type Subject = Readonly<Record<string, string | readonly string[]>>;

/** The legacy form alone gives the values as they are; the text form escapes and joins them. */
function subjectOf(certificate: X509Certificate): Subject {
  return (certificate.toLegacyObject() as { subject: Subject }).subject;
}

function commonName({ CN }: Subject): string {
  return valuesOf(CN).at(-1) ?? '';
}

function valuesOf(attribute: string | readonly string[] | undefined): readonly string[] {
  if (attribute === undefined) return [];
  return typeof attribute === 'string' ? [attribute] : attribute;
}

function uidOf(values: readonly string[]): string | undefined {
  if (values.length > 1) throw new Error('expected 1 UID, but found multiple');
  if (values[0] === '') throw new Error('UID cannot be an empty string');
  return values[0];
}
