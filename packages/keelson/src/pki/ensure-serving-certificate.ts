import { hostname, networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { altNames, type LeafSpec, newPrivateKey, signCertificate } from '@keelson/pki';
import type { ServingOptions } from '../apiserver/options.js';
import { readIfExists, writePublicFile, writeSecretFile } from './pki-files.js';

/**
 * Makes the self-signed serving certificate of a server that was given none, as kube-apiserver does. One that is there
 * is used as it is.
 */
export async function ensureServingCertificate(
  { generateCertificate, certificate, ...serving }: ServingOptions,
  serviceIps: readonly string[],
): Promise<void> {
  if (!generateCertificate) return;
  const [existing, existingKey] = await Promise.all([readIfExists(certificate.certFile), readIfExists(certificate.keyFile)]);
  if (existing !== undefined && existingKey !== undefined) return;
  const address = serving.advertiseAddress ?? firstPublicAddress() ?? '127.0.0.1';
  const hosts = [
    address,
    'localhost',
    '127.0.0.1',
    '::1',
    hostname(),
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    ...serviceIps,
  ];
  const spec: LeafSpec = {
    kind: 'leaf',
    path: 'apiserver',
    issuer: 'apiserver',
    commonName: `${address}@${Math.floor(Date.now() / 1000)}`,
    usages: ['serverAuth'],
    altNames: altNames([...new Set(hosts)]),
  };
  const privateKey = await newPrivateKey();
  const pem = await signCertificate({ spec, privateKey, now: new Date() });
  try {
    await writeSecretFile(certificate.keyFile, privateKey);
    await writePublicFile(certificate.certFile, pem);
  } catch (error) {
    throw new Error(
      `no serving certificate can be written to --cert-dir ${dirname(certificate.certFile)}: choose another directory, or give --tls-cert-file and --tls-private-key-file`,
      { cause: error },
    );
  }
}

export function firstPublicAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.internal === false && entry.family === 'IPv4')?.address;
}
