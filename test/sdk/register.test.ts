import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, type KubeClient, type KubeObject } from '@keelson/machinery';
import { type RegisterOptions, register } from '@keelson/sdk';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Registration } from '../../packages/sdk/src/registration/registration.js';
import type { Backend } from '../../packages/sdk/src/registration/service-objects.js';
import { waitUntil } from '../support/wait-until.js';

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };

let dir: string;
let plane: TestControlPlane;
let client: KubeClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-register-'));
  plane = await startTestControlPlane();
  client = plane.client;
});
afterAll(async () => {
  await plane?.stop();
  await rm(dir, { recursive: true });
});

interface APIService extends KubeObject {
  readonly spec: { readonly caBundle: string; readonly versionPriority: number };
}

const apiServicePath = (name: string) => `/apis/apiregistration.k8s.io/v1/apiservices/${name}`;
const apiService = (name: string) => client.get<APIService>(apiServicePath(name));
const service = (name: string) => client.get<KubeObject>(`/api/v1/namespaces/default/services/${name}`);
const slice = (name: string) => client.get<KubeObject>(`/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/${name}`);
const lease = (name: string) => client.get<KubeObject>(`/apis/coordination.k8s.io/v1/namespaces/default/leases/${name}`);
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function codeOf(answer: Promise<unknown>): Promise<number> {
  try {
    await answer;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

function registration(name: string, backend: Backend | undefined, bundle: () => string | Promise<string> = () => 'bundle', replica = 'r1') {
  return new Registration({
    client,
    service: { namespace: 'default', name },
    servicePort: undefined,
    groups: [{ group: `${name}.example.com`, versions: ['v2', 'v1'] }],
    backend,
    replica,
    bundle,
    log: quiet,
  });
}

describe('a registration', () => {
  it('leads to a neighbour by its name', async () => {
    await registration('near', { host: 'localhost', port: 8443 }).apply();
    expect(await service('near')).toMatchObject({ spec: { type: 'ExternalName', externalName: 'localhost' } });
    expect(await apiService('v2.near.example.com')).toMatchObject({
      spec: {
        group: 'near.example.com',
        version: 'v2',
        versionPriority: 100,
        service: { namespace: 'default', name: 'near', port: 8443 },
        caBundle: base64('bundle'),
      },
    });
    expect((await apiService('v1.near.example.com')).spec.versionPriority).toBe(99);
  });

  it('leads to an address, and takes that away in the end', async () => {
    const far = registration('far', { host: '10.1.2.3', port: 8443 });
    await far.start();
    expect(await service('far')).toMatchObject({ spec: { type: 'ClusterIP', ports: [{ port: 443, targetPort: 8443 }] } });
    expect(await slice('far-r1')).toMatchObject({
      metadata: { labels: { 'kubernetes.io/service-name': 'far' } },
      endpoints: [{ addresses: ['10.1.2.3'] }],
      ports: [{ port: 8443 }],
    });
    expect(await lease('far-r1')).toMatchObject({ spec: { holderIdentity: 'far-r1', leaseDurationSeconds: 15 } });
    await far.stop();
    expect([await codeOf(slice('far-r1')), await codeOf(lease('far-r1'))]).toEqual([404, 404]);
    expect(await service('far')).toMatchObject({ spec: { type: 'ClusterIP' } });
  });

  it('leads to pods, or where somebody else says', async () => {
    await registration('pods', { selector: { app: 'x' }, port: 8443 }).apply();
    expect(await service('pods')).toMatchObject({ spec: { selector: { app: 'x' } } });
    await registration('external', undefined).apply();
    expect(await codeOf(service('external'))).toBe(404);
    expect(await apiService('v1.external.example.com')).toMatchObject({ spec: { service: { port: 443 } } });
  });

  it('takes away the address of a replica that shows no sign of life, and of no other', async () => {
    const [one, other, third] = ['r1', 'r2', 'r3'].map((replica, at) =>
      registration('shared', { host: `10.1.2.${at}`, port: 8443 }, undefined, replica),
    ) as [Registration, Registration, Registration];
    const beat = (who: Registration, seconds: number) => who.beat(new Date(1_700_000_000_000 + seconds * 1000), seconds * 1000);
    for (const who of [other, third, one]) await beat(who, 0);
    await beat(other, 10);
    await beat(one, 15);
    expect(await codeOf(slice('shared-r3'))).toBe(200);
    await beat(one, 15.1);
    expect([await codeOf(slice('shared-r1')), await codeOf(slice('shared-r2')), await codeOf(slice('shared-r3'))]).toEqual([200, 200, 404]);
    expect(await codeOf(lease('shared-r3'))).toBe(404);
    await beat(third, 20);
    await beat(one, 25);
    expect([await codeOf(slice('shared-r2')), await codeOf(slice('shared-r3'))]).toEqual([200, 200]);
  });

  it('keeps the bundle current, whoever has changed it', async () => {
    let bundle = 'one';
    const kept = registration('kept', { host: 'localhost', port: 1 }, () => bundle);
    await kept.apply();
    await client.patch(apiServicePath('v1.kept.example.com'), { spec: { caBundle: base64('wrong') } });
    bundle = 'two';
    await kept.apply();
    expect((await apiService('v1.kept.example.com')).spec.caBundle).toBe(base64('two'));
  });

  it('never takes back what another replica has said since it asked', async () => {
    const backend = { host: 'localhost', port: 1 };
    let known = 'old';
    const fast = registration('raced', backend, () => 'old and new');
    await fast.apply();
    const slow = registration('raced', backend, async () => {
      const answer = known;
      if (known === 'old') await fastAgain();
      return answer;
    });
    const fastAgain = async () => {
      known = 'old and new';
      await client.patch(apiServicePath('v1.raced.example.com'), { spec: { caBundle: base64('whatever') } });
      await fast.apply();
    };
    await slow.apply();
    expect((await apiService('v1.raced.example.com')).spec.caBundle).toBe(base64('old and new'));
  });
});

describe('register', () => {
  const options = (name: string, caBundle: RegisterOptions['caBundle']): RegisterOptions => ({
    groups: [{ group: `${name}.example.com`, versions: ['v1'] }],
    service: { name },
    backend: { host: '10.1.2.3', port: 8443 },
    caBundle,
    cluster: plane.access,
    log: quiet,
  });

  it('tells the cluster of a server that others have written, and when told of its new authority', async () => {
    let bundle = 'one';
    const registered = await register(options('foreign', () => bundle));
    expect((await apiService('v1.foreign.example.com')).spec.caBundle).toBe(base64('one'));
    bundle = 'two';
    await registered.update();
    expect((await apiService('v1.foreign.example.com')).spec.caBundle).toBe(base64('two'));
    await registered.stop();
  });

  it('follows the file of its authority', async () => {
    const file = join(dir, 'ca.crt');
    await writeFile(file, 'one');
    const registered = await register(options('filed', { file }));
    await writeFile(file, 'two');
    await waitUntil('the file to be read again', async () => (await apiService('v1.filed.example.com')).spec.caBundle === base64('two'));
    await registered.stop();
  });
});
