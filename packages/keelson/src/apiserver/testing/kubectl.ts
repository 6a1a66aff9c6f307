import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestApiServer } from './test-api-server.js';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl against a server, with no credentials but those in `args`. */
export async function kubectl({ url, certificateFile, dir }: TestApiServer, ...args: readonly string[]): Promise<KubectlResult> {
  const where = [
    '--kubeconfig=/dev/null',
    `--server=${url}`,
    `--certificate-authority=${certificateFile}`,
    `--cache-dir=${join(dir, 'cache')}`,
  ];
  try {
    return { code: 0, ...(await promisify(execFile)('kubectl', [...where, ...args])) };
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: number; readonly stdout: string; readonly stderr: string };
    return { code, stdout, stderr };
  }
}
