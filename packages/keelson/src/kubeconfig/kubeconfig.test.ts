import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparePki } from '../pki/prepare-pki.js';
import { writeAdminKubeconfig } from './write-kubeconfig.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-kubeconfig-'));
});

afterEach(() => rm(dir, { recursive: true }));

describe('writeAdminKubeconfig', () => {
  it('writes what kubectl reads', async () => {
    const pkiDir = join(dir, 'pki');
    const file = join(dir, 'kubeconfig');
    await preparePki({ dir: pkiDir, serverHosts: [], clusterIpRanges: ['10.0.0.0/24'] });
    await writeAdminKubeconfig({ file, server: 'https://[::1]:6443', pkiDir });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { stdout } = await promisify(execFile)('kubectl', ['--kubeconfig', file, 'config', 'view', '--raw', '--output', 'json']);
    const base64 = async (name: string) => (await readFile(join(pkiDir, name))).toString('base64');
    expect(JSON.parse(stdout)).toEqual({
      kind: 'Config',
      apiVersion: 'v1',
      preferences: {},
      clusters: [{ name: 'keelson', cluster: { server: 'https://[::1]:6443', 'certificate-authority-data': await base64('ca.crt') } }],
      users: [
        {
          name: 'kubernetes-admin',
          user: { 'client-certificate-data': await base64('admin.crt'), 'client-key-data': await base64('admin.key') },
        },
      ],
      contexts: [{ name: 'kubernetes-admin@keelson', context: { cluster: 'keelson', user: 'kubernetes-admin' } }],
      'current-context': 'kubernetes-admin@keelson',
    });
  });
});
