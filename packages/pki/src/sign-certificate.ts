import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import type { CertificateSpec } from './certificate-spec.js';
import { publicKeyOf } from './key-pair.js';

export interface CertificateRequest {
  readonly spec: CertificateSpec;
  /** PEM; the certificate is for its public half. */
  readonly privateKey: string;
  /** PEM of the authority; absent: the certificate signs itself. */
  readonly issuer?: { readonly certificate: string; readonly privateKey: string };
  readonly now: Date;
}

const dayMs = 86_400_000;
export const authorityLifetimeMs = 3650 * dayMs;
export const leafLifetimeMs = 365 * dayMs;

/** Certificates count from a little before now: the clocks of a cluster never agree exactly. */
const clockSkewMs = 300_000;

/** A certificate in PEM. The library behind it takes a quarter of a second to load, so it is loaded here and not before. */
export async function signCertificate({ spec, privateKey, issuer, now }: CertificateRequest): Promise<string> {
  // The library resolves its parts by decorators, which need this polyfill in place first.
  await import('reflect-metadata/lite');
  const x509 = await import('@peculiar/x509');
  const publicKey = await importPublicKey(publicKeyOf(privateKey));
  const signer = issuer ?? { certificate: undefined, privateKey };
  const issuerKey = await importPublicKey(publicKeyOf(signer.privateKey));
  const issuerName =
    signer.certificate === undefined ? subjectName(spec) : new x509.X509Certificate(signer.certificate).subjectName.toJSON();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subjectName(spec),
    issuer: issuerName,
    publicKey,
    signingKey: await importSigningKey(signer.privateKey),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: new Date(now.getTime() - clockSkewMs),
    notAfter: new Date(now.getTime() + (spec.kind === 'authority' ? authorityLifetimeMs : leafLifetimeMs)),
    extensions: [
      ...usageExtensions(x509, spec),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return `${certificate.toString('pem').trimEnd()}\n`;
}

function subjectName(spec: CertificateSpec): Record<string, string[]>[] {
  const organization = spec.kind === 'leaf' && spec.organization !== undefined ? [{ O: [spec.organization] }] : [];
  return [...organization, { CN: [spec.commonName] }];
}

type X509 = typeof import('@peculiar/x509');

function usageExtensions(x509: X509, spec: CertificateSpec): InstanceType<X509['Extension']>[] {
  const flags = x509.KeyUsageFlags;
  if (spec.kind === 'authority') {
    return [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(flags.digitalSignature | flags.keyEncipherment | flags.keyCertSign, true),
    ];
  }
  const { dns = [], ips = [] } = spec.altNames ?? {};
  const names = [...dns.map((value) => ({ type: 'dns', value }) as const), ...ips.map((value) => ({ type: 'ip', value }) as const)];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(flags.digitalSignature | flags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension(spec.usages.map((usage) => x509.ExtendedKeyUsage[usage])),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

function importPublicKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', createPublicKey(pem).export({ format: 'der', type: 'spki' }), algorithm, true, ['verify']);
}

function importSigningKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }), algorithm, false, ['sign']);
}
