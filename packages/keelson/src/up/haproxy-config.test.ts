import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparePki } from '../pki/prepare-pki.js';
import { haproxyConfig } from './haproxy-config.js';
import { requirePrograms } from './required-program.js';

const deployed = new URL('../../../../deploy/haproxy.cfg', import.meta.url);

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson haproxy-'));
  await preparePki({ dir, serverHosts: [], clusterIpRanges: ['10.0.0.0/24'] });
});

afterEach(() => rm(dir, { recursive: true }));

/** What `haproxy -c` says of a configuration: warnings and errors. */
async function check(config: string): Promise<string> {
  const { haproxy } = await requirePrograms(['haproxy']);
  const file = join(dir, 'haproxy.cfg');
  await writeFile(file, config);
  const { stdout, stderr } = await promisify(execFile)(haproxy, ['-c', '-f', file]);
  return `${stderr}${stdout}`.replace(/^Configuration file is valid\n/m, '');
}

const options = () => ({
  bind: '127.0.0.1:6443',
  servers: [
    { name: 'apiserver-0', host: '127.0.0.1', port: 6444 },
    { name: 'apiserver-1', host: '127.0.0.1', port: 6445 },
  ],
  caFile: join(dir, 'ca.crt'),
  clientPemFile: join(dir, 'healthcheck-client.pem'),
});

describe('haproxyConfig', () => {
  it('is valid, with file names that hold spaces too', async () => {
    expect(await check(haproxyConfig(options()))).toBe('');
  });

  it('is valid with names looked up again', async () => {
    expect(await check(haproxyConfig({ ...options(), resolveNames: true }))).toBe('');
  });

  it('is what deploy/haproxy.cfg holds, for the containers', async () => {
    const config = haproxyConfig({
      bind: ':6443',
      servers: [0, 1, 2].map((index) => ({ name: `apiserver-${index}`, host: `apiserver-${index}`, port: 6443 })),
      caFile: '/etc/keelson/pki/ca.crt',
      clientPemFile: '/etc/keelson/pki/healthcheck-client.pem',
      resolveNames: true,
    });
    expect(await readFile(deployed, 'utf8')).toBe(config);
  });
});
