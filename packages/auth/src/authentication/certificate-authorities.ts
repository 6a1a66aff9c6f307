import { X509Certificate } from 'node:crypto';

/** Chains longer than this are somebody's attempt to keep us busy. */
const maxChainLength = 8;

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle. Throws when there is none. */
export function parseCertificates(pem: string): X509Certificate[] {
  const certificates = (pem.match(pemBlock) ?? []).map((block) => new X509Certificate(block));
  if (certificates.length === 0) throw new Error('the bundle contains no certificate');
  return certificates;
}

/**
 * Whether a certificate is vouched for by one of these authorities, directly or by way of the intermediates that came
 * with it. The handshake checked the rest, but against every authority that the port accepts.
 */
export function isIssuedUnder(authorities: readonly X509Certificate[], certificate: X509Certificate): boolean {
  let current: X509Certificate | undefined = certificate;
  for (let length = 0; current !== undefined && length < maxChainLength; length++) {
    const subject: X509Certificate = current;
    if (authorities.some((authority) => authority.raw.equals(subject.raw) || isIssuedBy(subject, authority))) return true;
    const issuer: X509Certificate | undefined = subject.issuerCertificate;
    current = issuer?.ca && isIssuedBy(subject, issuer) ? issuer : undefined;
  }
  return false;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
