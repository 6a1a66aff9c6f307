import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KubeClient } from '@keelson/machinery';
import { defineResource, type ExtensionServer, s, serve } from '@keelson/sdk';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keelsonProgram } from '../support/keelson-program.js';
import { waitUntil } from '../support/wait-until.js';

const run = promisify(execFile);
const complaints: unknown[] = [];
const complain = (...complaint: unknown[]) => void complaints.push(complaint);
const log = { error: complain, warn: complain, info: () => undefined, enabled: () => false };

let dir: string;
let plane: TestControlPlane;
let server: ExtensionServer | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-pod-rights-'));
  plane = await startTestControlPlane();
  await writeFile(join(dir, 'kubeconfig'), plane.kubeconfig);
  await run(process.execPath, [keelsonProgram, 'create-extension', 'my-api'], { cwd: dir });
});
afterAll(async () => {
  await server?.stop();
  await plane?.stop();
  await rm(dir, { recursive: true });
});

async function kubectl(...args: readonly string[]): Promise<string> {
  return (await run('kubectl', args, { env: { ...process.env, KUBECONFIG: join(dir, 'kubeconfig') } })).stdout.trim();
}

it('the manifests of a project give its pods the rights that they need', async () => {
  await kubectl('apply', `--filename=${join(dir, 'my-api', 'deploy')}`);
  const request = join(dir, 'token-request.json');
  await writeFile(request, JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }));
  const made = await kubectl('create', '--raw', '/api/v1/namespaces/my-api/serviceaccounts/my-api/token', `--filename=${request}`);
  const { token } = (JSON.parse(made) as { status: { token: string } }).status;
  const { certificateAuthority, ...rest } = plane.access;
  const anybody = { server: rest.server, insecureSkipTlsVerify: false, ...(certificateAuthority && { certificateAuthority }) };
  server = await serve({
    resources: [
      defineResource({
        group: 'my-api.example.com',
        version: 'v1',
        kind: 'Widget',
        scope: 'Namespaced',
        spec: s.object({ size: s.int32().default(1) }),
      }),
    ],
    service: { namespace: 'my-api', name: 'my-api' },
    backend: 'external',
    storage: 'memory',
    port: 0,
    trustDelayMs: 100,
    cluster: { ...anybody, authorization: `Bearer ${token}` },
    stopOnSignals: false,
    log,
  });
  const apiService = '{.spec.service.name}.{.spec.service.namespace}:{.spec.service.port}';
  expect(await kubectl('get', 'apiservice', 'v1.my-api.example.com', `--output=jsonpath=${apiService}`)).toBe('my-api.my-api:443');
  // Its account may ask about others, and may do nothing with widgets itself.
  const client = new KubeClient({
    server: server.url,
    insecureSkipTlsVerify: false,
    certificateAuthority: server.bundle,
    authorization: `Bearer ${token}`,
  });
  await expect(client.get('/apis/my-api.example.com/v1/widgets')).rejects.toMatchObject({
    code: 403,
    message:
      'widgets.my-api.example.com is forbidden: User "system:serviceaccount:my-api:my-api" cannot list resource "widgets" in API group "my-api.example.com" at the cluster scope',
  });
  client.close();
  // The authority is followed, too: another one is made when its Secret is deleted.
  const { bundle } = server;
  await kubectl('delete', 'secret', 'my-api-serving-ca', '--namespace=my-api');
  await waitUntil('another authority', () => server?.bundle !== bundle);
  expect(complaints).toEqual([]);
});
