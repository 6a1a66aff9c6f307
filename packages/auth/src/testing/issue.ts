import 'reflect-metadata/lite';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

export type Name = Record<string, string[]>[];

export interface Credential {
  readonly name: Name;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  /** PEM: the certificate, then whatever vouches for it but the root. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate that began yesterday and is good for some more days. That of a server is for the loopback address and `dnsNames`. */
export async function issue(
  name: Name,
  issuer?: Credential,
  usage: 'ca' | 'client' | 'server' = 'client',
  days = 1,
  dnsNames: readonly string[] = [],
): Promise<Credential> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + days * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(usage === 'ca', undefined, true),
      ...(usage === 'ca' ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${usage}Auth`]])]),
      ...(usage === 'server' ? [alternativeNames(dnsNames)] : []),
    ],
  });
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const intermediate = issuer !== undefined && issuer.certificate.subject !== issuer.certificate.issuer ? issuer.cert : '';
  return {
    name,
    keys,
    certificate,
    cert: `${certificate.toString('pem')}\n${intermediate}`,
    key: `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----\n`,
  };
}

function alternativeNames(dnsNames: readonly string[]): x509.SubjectAlternativeNameExtension {
  const names = dnsNames.map((value) => ({ type: 'dns', value }) as const);
  return new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }, ...names]);
}
