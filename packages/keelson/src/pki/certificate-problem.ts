import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type CertificateSpec, leafLifetimeMs } from '@keelson/pki';

export interface CertificateCheck {
  readonly spec: CertificateSpec;
  /** PEM, undefined when the file does not exist. */
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  /** PEM of the authority; absent for authorities, which sign themselves. */
  readonly issuerCertificate?: string;
  readonly now: Date;
}

const dayMs = 86_400_000;

/** Leaves are renewed a month before they end, authorities before anything they sign could outlive them. */
const renewBeforeMs = { leaf: 30 * dayMs, authority: leafLifetimeMs + 30 * dayMs } as const;

/** Why a certificate has to be made anew; undefined when it can be used. */
export function certificateProblem({ spec, certificate, privateKey, issuerCertificate, now }: CertificateCheck): string | undefined {
  if (certificate === undefined) return 'does not exist';
  const parsed = parse(certificate);
  if (parsed === undefined) return 'cannot be read';
  if (Date.parse(parsed.validTo) - now.getTime() < renewBeforeMs[spec.kind]) return `ends on ${parsed.validTo}`;
  if (Date.parse(parsed.validFrom) > now.getTime()) return `starts on ${parsed.validFrom} only`;
  // An authority may be used without its key as long as nothing has to be signed.
  if (privateKey === undefined) return spec.kind === 'authority' ? undefined : 'has no key';
  if (!keyFits(parsed, privateKey)) return 'does not fit its key';
  if (spec.kind === 'authority') return undefined;
  if (issuerCertificate === undefined || !isSignedBy(parsed, issuerCertificate)) return `is not signed by ${spec.issuer}`;
  const missing = missingName(parsed, spec);
  return missing === undefined ? undefined : `lacks ${missing}`;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function keyFits(certificate: X509Certificate, privateKey: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}

function isSignedBy(certificate: X509Certificate, issuerPem: string): boolean {
  const issuer = parse(issuerPem);
  return issuer !== undefined && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function missingName(certificate: X509Certificate, spec: CertificateSpec & { kind: 'leaf' }): string | undefined {
  const subject = certificate.subject.split('\n');
  if (!subject.includes(`CN=${spec.commonName}`)) return `common name ${spec.commonName}`;
  if (spec.organization !== undefined && !subject.includes(`O=${spec.organization}`)) return `organization ${spec.organization}`;
  const { dns = [], ips = [] } = spec.altNames ?? {};
  return (
    dns.find((name) => certificate.checkHost(name, { subject: 'never', wildcards: false }) === undefined) ??
    ips.find((ip) => certificate.checkIP(ip) === undefined)
  );
}
