import { readFile } from 'node:fs/promises';
import { renderKubeconfig } from '@keelson/schema';
import { certificateFile, keyFile, readIfExists, writeSecretFile } from '../pki/pki-files.js';

export interface AdminKubeconfigOptions {
  readonly file: string;
  readonly server: string;
  readonly pkiDir: string;
}

/** Writes the administrator's kubeconfig, unless the file already says the same. */
export async function writeAdminKubeconfig({ file, server, pkiDir }: AdminKubeconfigOptions): Promise<void> {
  const [certificateAuthority, clientCertificate, clientKey] = await Promise.all([
    readFile(certificateFile(pkiDir, 'ca'), 'utf8'),
    readFile(certificateFile(pkiDir, 'admin'), 'utf8'),
    readFile(keyFile(pkiDir, 'admin'), 'utf8'),
  ]);
  const content = renderKubeconfig({
    cluster: 'keelson',
    user: 'kubernetes-admin',
    server,
    certificateAuthority,
    clientCertificate,
    clientKey,
  });
  if ((await readIfExists(file)) !== content) await writeSecretFile(file, content);
}
