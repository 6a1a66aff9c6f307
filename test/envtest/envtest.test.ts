import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type CertificateSpec, newPrivateKey, signCertificate } from '@keelson/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../packages/keelson/src/testing/free-port.js';
import { TestProcess } from '../support/child-process.js';
import { keelsonProgram } from '../support/keelson-program.js';
import { waitUntil } from '../support/wait-until.js';

// What envtest of controller-runtime does with the executables of its assets directory.

const run = promisify(execFile);
const startMs = 60_000;

let dir: string;
let assets: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-envtest-'));
  assets = (await run(process.execPath, [keelsonProgram, 'envtest'])).stdout.trim();
});
afterAll(() => rm(dir, { recursive: true }));

/** As envtest makes them: an authority of clients, its administrator, and a key pair for tokens whose public half is a certificate. */
async function writeCertificates() {
  const now = new Date();
  const authority: CertificateSpec = { kind: 'authority', path: 'ca', commonName: 'envtest-environment' };
  const [caKey, userKey, tokenKey] = await Promise.all([newPrivateKey(), newPrivateKey(), newPrivateKey()]);
  const ca = await signCertificate({ spec: authority, privateKey: caKey, now });
  const spec: CertificateSpec = {
    kind: 'leaf',
    path: 'admin',
    issuer: 'ca',
    commonName: 'default',
    organization: 'system:masters',
    usages: ['clientAuth'],
  };
  const cert = await signCertificate({ spec, privateKey: userKey, issuer: { certificate: ca, privateKey: caKey }, now });
  await writeFile(join(dir, 'client-cert-auth-ca.crt'), ca);
  await writeFile(join(dir, 'sa-signer.crt'), await signCertificate({ spec: authority, privateKey: tokenKey, now }));
  await writeFile(join(dir, 'sa-signer.key'), tokenKey);
  return { cert, key: userKey };
}

function apiServerFlags(port: number, etcdUrl: string): string[] {
  return [
    '--allow-privileged=true',
    '--authorization-mode=RBAC',
    '--bind-address=127.0.0.1',
    `--cert-dir=${dir}`,
    `--client-ca-file=${join(dir, 'client-cert-auth-ca.crt')}`,
    '--disable-admission-plugins=ServiceAccount',
    `--etcd-servers=${etcdUrl}`,
    `--secure-port=${port}`,
    `--service-account-issuer=https://127.0.0.1:${port}/`,
    `--service-account-key-file=${join(dir, 'sa-signer.crt')}`,
    `--service-account-signing-key-file=${join(dir, 'sa-signer.key')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
  ];
}

async function ask(url: string, options: object = {}): Promise<IncomingMessage | undefined> {
  try {
    const [answer] = (await once(request(url, { rejectUnauthorized: false, agent: false, ...options }).end(), 'response')) as [
      IncomingMessage,
    ];
    return answer;
  } catch {
    return undefined;
  }
}

/** A process that has ended stays a zombie where nobody waits for it. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) Z/.test(stat);
}

describe('the executables that envtest looks for', () => {
  it('are in one directory', async () => {
    expect((await readdir(assets)).filter((name) => !name.endsWith('.json')).sort()).toEqual(['etcd', 'kube-apiserver', 'kubectl']);
  });

  it('tell of their flags', async () => {
    const flagsOf = async (program: string) => (await run(join(assets, program), ['--help'])).stdout;
    const text = await flagsOf('kube-apiserver');
    expect([/^\s*--secure-port\b/m.test(text), /^\s*--insecure-port\b/m.test(text)]).toEqual([true, false]);
    expect(await flagsOf('etcd')).toMatch(/^\s*--data-dir\b/m);
  });

  it('are a control plane that keeps its objects while the API server is started again', async () => {
    const credentials = await writeCertificates();
    const [etcdPort, port] = [await freePort(), await freePort()];
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const etcd = new TestProcess(
      [
        join(assets, 'etcd'),
        `--advertise-client-urls=${etcdUrl}`,
        `--data-dir=${join(dir, 'etcd')}`,
        `--listen-client-urls=${etcdUrl}`,
        `--listen-peer-urls=http://127.0.0.1:${await freePort()}`,
      ],
      join(dir, 'etcd.log'),
    );
    await etcd.ready(async () => (await fetch(`${etcdUrl}/health`).catch(() => undefined))?.status === 200, startMs);
    const url = `https://127.0.0.1:${port}`;
    const startApiServer = async () => {
      const server = new TestProcess([join(assets, 'kube-apiserver'), ...apiServerFlags(port, etcdUrl)], join(dir, 'apiserver.log'));
      await server.ready(async () => (await ask(`${url}/healthz`))?.statusCode === 200, startMs);
      return server;
    };
    const namespaceUid = async () => {
      const answer = await ask(`${url}/api/v1/namespaces/default`, credentials);
      return answer && ((await json(answer)) as { metadata: { uid: string } }).metadata.uid;
    };
    const first = await startApiServer();
    const uid = await namespaceUid();
    first.signal('SIGTERM');
    expect(await first.ended()).toBe(0);
    const second = await startApiServer();
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await namespaceUid()).toBe(uid);
    second.signal('SIGTERM');
    expect(await second.ended()).toBe(0);
    etcd.signal('SIGTERM');
    expect(await etcd.ended()).toBe(0);
  });

  it('end with the suite that has started them', async () => {
    const [etcdPort, port] = [await freePort(), await freePort()];
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const program = `
      const start = (name, args) => require('node:child_process').spawn('${assets}/' + name, args, { stdio: 'ignore' }).pid;
      const pids = [start('etcd', ['--data-dir=${join(dir, 'left')}', '--listen-client-urls=${etcdUrl}'])];
      const goOn = () => {
        pids.push(start('kube-apiserver', ${JSON.stringify(apiServerFlags(port, etcdUrl))}));
        console.log(JSON.stringify(pids));
      };
      const wait = () => fetch('${etcdUrl}/health').then(goOn, () => setTimeout(wait, 50));
      wait();`;
    const suite = new TestProcess([process.execPath, '--eval', program], join(dir, 'suite.log'));
    await suite.ready(async () => (await ask(`https://127.0.0.1:${port}/healthz`))?.statusCode === 200, startMs);
    const pids = JSON.parse(await readFile(join(dir, 'suite.log'), 'utf8')) as number[];
    suite.signal('SIGKILL');
    await suite.ended();
    await waitUntil('both to end', async () => (await Promise.all(pids.map(isRunning))).every((running) => !running));
  });

  it('run the kubectl that is installed', async () => {
    const { stdout } = await run(join(assets, 'kubectl'), ['version', '--client', '--output=json'], {
      env: { ...process.env, PATH: `${assets}:${process.env.PATH}` },
    });
    expect(JSON.parse(stdout)).toHaveProperty('clientVersion.gitVersion');
  });
});
