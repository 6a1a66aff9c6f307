import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectProxyServer } from '@keelson/machinery/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../golden/api-client.js';
import { adminToken } from '../support/credentials.js';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { FakeKubelet } from './fake-kubelet.js';

/** Nodes at addresses of this machine are not handed on to: it is a proxy that leads to the kubelet. */
const nodeAddress = '10.99.0.1';
const node = '/api/v1/nodes/here/proxy';

let dir: string;
let proxy: ConnectProxyServer;
let server: RunningKeelson;
let kubelet: FakeKubelet;
let kubectl: Kubectl;
let client: ApiClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'node-proxy-'));
  const udsName = join(dir, 'proxy.sock');
  proxy = new ConnectProxyServer((authority) => (authority.startsWith(`${nodeAddress}:`) ? kubelet.port : undefined));
  await proxy.startAt(udsName);
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName } } };
  const egress = {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [{ name: 'cluster', connection }],
  };
  server = await startApiServer({
    backend: 'embedded',
    flags: {
      'kubelet-client-certificate': '{dir}/pki/apiserver-kubelet-client.crt',
      'kubelet-client-key': '{dir}/pki/apiserver-kubelet-client.key',
      'egress-selector-config-file': '{dir}/egress.json',
    },
    files: { 'egress.json': JSON.stringify(egress) },
  });
  client = new ApiClient(server, 2);
  kubelet = await FakeKubelet.start(join(server.dir, 'pki'));
  const [program] = kubectlPrograms();
  kubectl = new Kubectl(program as NonNullable<typeof program>, server);
  const addresses = [{ type: 'InternalIP', address: nodeAddress }];
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } };
  expect((await ask('POST', '/api/v1/nodes', { metadata: { name: 'here' }, status })).code).toBe(201);
});
afterAll(async () => {
  kubelet?.stop();
  await server?.stop();
  proxy?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function ask(method: string, path: string, body?: object) {
  const answer = await client.send({
    method,
    path,
    headers: { Authorization: `Bearer ${adminToken}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  });
  return { code: answer.code, text: answer.body.toString(), headers: answer.headers };
}

it('hands on any method, its path, query and body', async () => {
  const asked = await ask('PUT', `${node}/run/this%20one?x=1&x=2`, { a: 1 });
  expect([asked.code, asked.text]).toEqual([200, 'PUT /run/this%20one?x=1&x=2 {"a":1}']);
  expect(kubelet.headers).toMatchObject({ 'x-forwarded-uri': `${node}/run/this%20one`, 'x-forwarded-for': '127.0.0.1' });
  expect([kubelet.headers.authorization, kubelet.client]).toEqual([undefined, 'kube-apiserver-kubelet-client']);
  expect((await ask('OPTIONS', `${node}/run/`)).text).toBe('OPTIONS /run/ ');
  expect(await ask('HEAD', `${node}/run/`)).toMatchObject({ code: 200, text: '' });
  expect(await kubectl.ok(['get', '--raw', `/api/v1/nodes/here:${kubelet.port}/proxy/stats/summary`])).toBe('GET /stats/summary ');
  expect(new Set(proxy.authorities)).toEqual(new Set([`${nodeAddress}:${kubelet.port}`]));
});

it('leads clients to a folder, and redirects back', async () => {
  const bare = await ask('GET', `${node}?a=b`);
  expect([bare.code, bare.headers.get('location')]).toEqual([301, [`${node}/?a=b`]]);
  const moved = await ask('GET', `${node}/moved`);
  expect([moved.code, moved.headers.get('location')]).toEqual([302, [`${node}/pods/`]]);
  expect((await ask('POST', `${node}?a=b`)).text).toBe('POST /?a=b ');
});

it('leads the links of pages back', async () => {
  const page = await ask('GET', `${node}/page`);
  expect([page.code, page.text]).toEqual([200, `<a href="${node}/logs/">logs</a>`]);
});
