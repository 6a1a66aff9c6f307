import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsFromFlags } from '../apiserver/from-flags/options-from-flags.js';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import { parseFlags } from '../flags/parse-flags.js';
import { ensureServingCertificate } from './ensure-serving-certificate.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-cert-dir-'));
});

afterEach(() => rm(dir, { recursive: true }));

const servingOptions = (...args: string[]) =>
  optionsFromFlags(parseFlags(apiServerFlags, ['--etcd-servers=http://127.0.0.1:2379', `--cert-dir=${dir}`, ...args])).serving;

describe('ensureServingCertificate', () => {
  it('makes a self-signed certificate once', async () => {
    const options = servingOptions('--advertise-address=192.0.2.7');
    await ensureServingCertificate(options, ['10.0.0.1']);
    const certificate = new X509Certificate(await readFile(join(dir, 'apiserver.crt')));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(['192.0.2.7', '127.0.0.1', '10.0.0.1'].map((ip) => certificate.checkIP(ip))).toEqual(['192.0.2.7', '127.0.0.1', '10.0.0.1']);
    expect(certificate.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
    await ensureServingCertificate(options, ['10.0.0.1']);
    expect(new X509Certificate(await readFile(join(dir, 'apiserver.crt'))).serialNumber).toBe(certificate.serialNumber);
  });

  it('names the flag when the directory cannot be written', async () => {
    const certDir = join(dir, 'file', 'certs');
    await writeFile(join(dir, 'file'), '');
    const options = servingOptions(`--cert-dir=${certDir}`);
    await expect(ensureServingCertificate(options, [])).rejects.toThrow(
      `no serving certificate can be written to --cert-dir ${certDir}: choose another directory, or give --tls-cert-file and --tls-private-key-file`,
    );
  });

  it('leaves a certificate that was given alone', async () => {
    await ensureServingCertificate(servingOptions('--tls-cert-file=a.crt', '--tls-private-key-file=a.key'), []);
    await expect(readFile(join(dir, 'apiserver.crt'))).rejects.toThrow('ENOENT');
  });
});
