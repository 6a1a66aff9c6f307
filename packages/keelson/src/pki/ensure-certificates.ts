import { join } from 'node:path';
import { type CertificateSpec, newPrivateKey, newRsaKey, publicKeyOf, signCertificate } from '@keelson/pki';
import { certificateProblem } from './certificate-problem.js';
import { certificateFile, keyFile, readIfExists, writePublicFile, writeSecretFile } from './pki-files.js';

/** A certificate that was made, and why the one before it would not do. */
export interface IssuedCertificate {
  readonly path: string;
  readonly reason: string;
}

/**
 * Makes the certificates that are missing, about to end, or do not fit (another name, another authority), and keeps
 * the others. `specs` lists authorities before what they sign. Returns what was made: nothing on most starts.
 */
export async function ensureCertificates(
  dir: string,
  specs: readonly CertificateSpec[],
  now: Date = new Date(),
): Promise<readonly IssuedCertificate[]> {
  const issued: IssuedCertificate[] = [];
  for (const spec of specs) {
    const [certificate, privateKey] = await Promise.all([
      readIfExists(certificateFile(dir, spec.path)),
      readIfExists(keyFile(dir, spec.path)),
    ]);
    const issuerCertificate = spec.kind === 'leaf' ? await readIfExists(certificateFile(dir, spec.issuer)) : undefined;
    const reason = certificateProblem({
      spec,
      certificate,
      privateKey,
      now,
      ...(issuerCertificate === undefined ? {} : { issuerCertificate }),
    });
    if (reason === undefined) continue;
    await issue(dir, spec, privateKey, now);
    issued.push({ path: spec.path, reason });
  }
  return issued;
}

async function issue(dir: string, spec: CertificateSpec, existingKey: string | undefined, now: Date): Promise<void> {
  const privateKey = await keyFor(dir, spec, existingKey);
  const issuer = spec.kind === 'leaf' ? { issuer: await readAuthority(dir, spec.issuer) } : {};
  const certificate = await signCertificate({ spec, privateKey, now, ...issuer });
  // The key goes first: a certificate without its key is found and made anew at the next start.
  await writeSecretFile(keyFile(dir, spec.path), privateKey);
  await writePublicFile(certificateFile(dir, spec.path), certificate);
  if (spec.kind === 'leaf' && spec.combined === true) await writeSecretFile(join(dir, `${spec.path}.pem`), certificate + privateKey);
}

/** An authority keeps its key when renewed, so that what it signed stays valid; a leaf gets a new one. */
async function keyFor(dir: string, spec: CertificateSpec, existing: string | undefined): Promise<string> {
  if (spec.kind === 'leaf') return newPrivateKey();
  const certificate = await readIfExists(certificateFile(dir, spec.path));
  if (existing === undefined && certificate !== undefined) throw missingAuthorityKey(dir, spec.path);
  return existing ?? newPrivateKey();
}

async function readAuthority(dir: string, path: string): Promise<{ certificate: string; privateKey: string }> {
  const [certificate, privateKey] = await Promise.all([readIfExists(certificateFile(dir, path)), readIfExists(keyFile(dir, path))]);
  if (certificate === undefined || privateKey === undefined) throw missingAuthorityKey(dir, path);
  return { certificate, privateKey };
}

const missingAuthorityKey = (dir: string, path: string): Error =>
  new Error(`${keyFile(dir, path)} is missing, so that no certificate can be signed: restore it, or remove ${dir} to start with a new PKI`);

/**
 * The key pair that signs and verifies service account tokens: `sa.key`, `sa.pub`. RSA, for those who verify tokens by the
 * OpenID documents need not know anything else (OpenID Connect Discovery 1.0).
 */
export async function ensureServiceAccountKey(dir: string): Promise<void> {
  const existing = await readIfExists(join(dir, 'sa.key'));
  const privateKey = existing ?? (await newRsaKey());
  if (existing === undefined) await writeSecretFile(join(dir, 'sa.key'), privateKey);
  const publicKey = publicKeyOf(privateKey);
  if ((await readIfExists(join(dir, 'sa.pub'))) !== publicKey) await writePublicFile(join(dir, 'sa.pub'), publicKey);
}
