import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { LeafSpec } from '@keelson/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureCertificates } from '../../packages/keelson/src/pki/ensure-certificates.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

/** Longer than the server waits for files to settle. */
const patience = { timeout: 20_000 };
const path = '/api/v1/namespaces/default/configmaps?limit=1';
const otherName = 'api.example.com';

let dir: string;
let server: RunningKeelson;

const serving = (commonName: string, path: string): LeafSpec => ({
  kind: 'leaf',
  path,
  issuer: 'ca',
  commonName,
  usages: ['serverAuth'],
  altNames: { dns: ['localhost', otherName], ips: ['127.0.0.1'] },
});

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-rotation-'));
  await ensureCertificates(dir, [{ kind: 'authority', path: 'ca', commonName: 'other authority' }, serving('other 0', 'other')]);
  const other = `${join(dir, 'other.crt')},${join(dir, 'other.key')}:${otherName}`;
  server = await startApiServer({ backend: 'embedded', flags: { 'tls-sni-cert-key': other } });
});

afterAll(async () => {
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Who the server says it is to somebody who asks for a name now. */
async function subject(servername: string): Promise<string> {
  const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(server.url).port), servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

/** Renews a serving certificate as an administrator does: a new key and certificate over the old files. */
async function renew(directory: string, file: string, commonName: string): Promise<void> {
  await ensureCertificates(directory, [serving(commonName, 'renewed')]);
  for (const kind of ['key', 'crt']) await copyFile(join(directory, `renewed.${kind}`), join(directory, `${file}.${kind}`));
  for (const kind of ['key', 'crt']) await rm(join(directory, `renewed.${kind}`));
}

const headers = () => ({ authorization: `Bearer ${server.adminToken}` });

async function ask1(options: RequestOptions): Promise<number> {
  const sent = request(`${server.url}${path}`, { headers: headers(), ca: server.ca, ...options });
  sent.end();
  const [response] = await once(sent, 'response');
  await response.toArray();
  return response.statusCode;
}

async function ask2(session: ClientHttp2Session): Promise<number> {
  const stream = session.request({ ':path': path, ...headers() });
  const [head] = await once(stream, 'response');
  await stream.toArray();
  return head[':status'];
}

/** Asks again and again while `work` is under way. Gives how often each answer came. */
async function during(work: () => Promise<void>, clients: readonly (() => Promise<number>)[]): Promise<Record<number, number>> {
  const answers: Record<number, number> = {};
  let over = false;
  const use = async (ask: () => Promise<number>) => {
    while (!over) {
      const code = await ask();
      answers[code] = (answers[code] ?? 0) + 1;
    }
  };
  const users = Promise.all(clients.map(use));
  await Promise.race([work(), users]).finally(() => {
    over = true;
  });
  await users;
  return answers;
}

it('renews certificates under load, and no request fails', async () => {
  const agent = new Agent({ keepAlive: true });
  const session = connectHttp2(server.url, { ca: server.ca });
  const otherCa = await readFile(join(dir, 'ca.crt'));
  const clients = [
    () => ask1({ agent }),
    () => ask1({ agent: false }),
    () => ask1({ agent: false, servername: otherName, ca: otherCa }),
    () => ask2(session),
  ];
  const answers = await during(async () => {
    for (const round of [1, 2, 3]) {
      await renew(join(server.dir, 'pki'), 'apiserver', `server ${round}`);
      await renew(dir, 'other', `other ${round}`);
      await expect.poll(() => subject('localhost'), patience).toBe(`server ${round}`);
      await expect.poll(() => subject(otherName), patience).toBe(`other ${round}`);
    }
  }, clients);
  expect(Object.keys(answers)).toEqual(['200']);
  agent.destroy();
  session.destroy();
});
