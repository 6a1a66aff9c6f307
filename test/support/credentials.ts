import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const adminToken = 'admin-token';
export const aliceToken = 'alice-token';

/** An administrator, and a user without rights. */
const tokenFile = `${adminToken},admin,admin-uid,system:masters\n${aliceToken},alice,alice-uid,devs\n`;

export async function writeTokenFile(dir: string): Promise<string> {
  const file = join(dir, 'tokens.csv');
  await writeFile(file, tokenFile, { mode: 0o600 });
  return file;
}

/** A kubeconfig of the administrator. kubectl shows the names in it, so they are fixed. */
export async function writeTokenKubeconfig(file: string, server: string, caFile: string): Promise<void> {
  const authority = (await readFile(caFile)).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'admin', user: { token: adminToken } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
}
