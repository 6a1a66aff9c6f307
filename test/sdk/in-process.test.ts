import { X509Certificate } from 'node:crypto';
import { ApiError, type KubeClient, type KubeObject } from '@keelson/machinery';
import { authorityLifetimeMs, leafLifetimeMs } from '@keelson/pki';
import { defineResource, type ExtensionServer, s, serve } from '@keelson/sdk';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretAuthority } from '../../packages/sdk/src/certificates/secret-authority.js';
import { type ServingCertificate, SignedCertificates } from '../../packages/sdk/src/certificates/serving-certificate.js';
import { Cluster } from '../../packages/sdk/src/cluster/cluster.js';
import { CertificateRotation } from '../../packages/sdk/src/serving/certificate-rotation.js';
import { waitUntil } from '../support/wait-until.js';

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };
const NOW = new Date();

let plane: TestControlPlane;
let client: KubeClient;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startTestControlPlane();
  client = plane.client;
  cluster = await Cluster.open(plane.access, quiet);
});
afterAll(async () => {
  await cluster?.close();
  await plane?.stop();
});

async function codeOf(answer: Promise<unknown>): Promise<number> {
  try {
    await answer;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('the authority of serving certificates', () => {
  const secret = '/api/v1/namespaces/default/secrets/shared-serving-ca';
  const certificates = () => new SignedCertificates(new SecretAuthority(cluster, 'default', 'shared-serving-ca'), ['shared.default.svc']);
  const isIssuedBy = ({ certificate }: ServingCertificate, bundle: string) =>
    bundle
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .filter((pem) => pem.trim() !== '')
      .filter((pem) => new X509Certificate(certificate).verify(new X509Certificate(pem).publicKey)).length;

  it('is shared by replicas that begin together', async () => {
    const [one, other] = await Promise.all([certificates().current(NOW), certificates().current(NOW)]);
    expect(one.bundle).toBe(other.bundle);
    expect([isIssuedBy(one, one.bundle), isIssuedBy(other, one.bundle)]).toEqual([1, 1]);
    expect(one.certificate).not.toBe(other.certificate);
    expect(new X509Certificate(one.certificate).subjectAltName).toBe('DNS:shared.default.svc');
  });

  it('signs anew in time', async () => {
    const source = certificates();
    const first = await source.current(NOW);
    expect(await source.current(new Date(NOW.getTime() + leafLifetimeMs / 2 - 1000))).toBe(first);
    const renewed = await source.current(new Date(NOW.getTime() + leafLifetimeMs / 2 + 1000));
    expect([renewed.bundle, renewed.certificate === first.certificate]).toEqual([first.bundle, false]);
  });

  it('is replaced before it ends, or when it is taken away, and trusted beside the new one', async () => {
    const source = certificates();
    const first = await source.current(NOW);
    await client.delete(secret);
    const second = await source.current(NOW);
    expect([isIssuedBy(first, second.bundle), isIssuedBy(second, second.bundle), isIssuedBy(second, first.bundle)]).toEqual([1, 1, 0]);
    const third = await source.current(new Date(NOW.getTime() + authorityLifetimeMs * 0.9));
    expect([isIssuedBy(first, third.bundle), isIssuedBy(second, third.bundle), isIssuedBy(third, third.bundle)]).toEqual([0, 1, 1]);
  });

  it('is told to clients before it is used', async () => {
    const told: string[] = [];
    const [first, second] = [1, 2].map((n) => ({ certificate: `c${n}`, key: `k${n}`, bundle: `b${n}` })) as [
      ServingCertificate,
      ServingCertificate,
    ];
    const answers = [first, second, second, second];
    let failures = 1;
    const use = async (next: ServingCertificate) => {
      told.push(next.bundle);
      if (failures-- > 0) throw new Error('the cluster does not answer');
    };
    const rotation = new CertificateRotation(
      { current: async () => answers.shift() as ServingCertificate, follow: () => () => undefined },
      first,
      use,
      quiet,
    );
    await rotation.check(NOW);
    await expect(rotation.check(NOW)).rejects.toThrow('does not answer');
    await rotation.check(NOW);
    await rotation.check(NOW);
    expect(told).toEqual(['b2', 'b2']);
  });
});

describe('objects of a cluster', () => {
  const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
  const path = '/api/v1/namespaces/default/configmaps';

  it('are followed, read and written from outside', async () => {
    const told: string[] = [];
    const following = cluster.objects.followOne<KubeObject>(CONFIG_MAPS, 'default', 'one', {
      set: ({ metadata }) => void told.push(`set ${metadata.name} ${metadata.labels?.at ?? ''}`),
      delete: ({ metadata }) => void told.push(`delete ${metadata.name}`),
    });
    await following.synced;
    await client.post<KubeObject>(path, { metadata: { name: 'other' } });
    await cluster.objects.writer(CONFIG_MAPS).create({ metadata: { namespace: 'default', name: 'one' } });
    await cluster.objects.writer(CONFIG_MAPS).update('default', 'one', ({ metadata }) => {
      metadata.labels = { at: 'home' };
    });
    await waitUntil('the change', () => told.includes('set one home'));
    await client.delete(`${path}/one`);
    await waitUntil('the end', () => told.includes('delete one'));
    expect(told).toEqual(['set one ', 'set one home', 'delete one']);
    const reader = cluster.objects.reader(CONFIG_MAPS);
    expect((await reader.get('default', 'other'))?.metadata.name).toBe('other');
    expect([await reader.get('default', 'none'), await reader.getLatest('default', 'none')]).toEqual([undefined, undefined]);
    expect((await reader.list('default')).map(({ metadata }) => metadata.name)).toContain('other');
    await cluster.objects.start();
    expect(cluster.objects.resourcesOf({ group: 'apps', version: 'v1', kind: 'Deployment' })).toEqual([
      { resource: { group: 'apps', version: 'v1', resource: 'deployments' }, namespaced: true },
    ]);
  });
});

describe('an extension in the process of its test', () => {
  const things = defineResource({
    group: 'example.com',
    version: 'v1',
    kind: 'Thing',
    scope: 'Namespaced',
    spec: s.object({ size: s.int32().default(1) }),
  });
  const path = '/apis/example.com/v1/namespaces/default/things';
  const thing = (name: string, size: number) => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name }, spec: { size } });
  let server: ExtensionServer;

  beforeAll(async () => {
    server = await serve({ resources: [things], storage: 'memory', port: 0, cluster: plane.access, stopOnSignals: false, log: quiet });
    await server.whenAvailable();
  });
  afterAll(() => server.stop());

  it('is reached through the API server', async () => {
    expect(await client.post<KubeObject>(path, thing('a', 3))).toMatchObject({ spec: { size: 3 } });
    expect(await codeOf(client.post<KubeObject>(path.replace('default', 'nowhere'), thing('a', 3)))).toBe(404);
  });

  it('holds writes to the policies of the cluster', async () => {
    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    await client.post<KubeObject>(policies, {
      metadata: { name: 'small' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['example.com'], apiVersions: ['*'], operations: ['CREATE'], resources: ['things'] }],
        },
        validations: [{ expression: 'object.spec.size < 40', message: 'things are small here' }],
      },
    });
    await client.post<KubeObject>('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', {
      metadata: { name: 'small' },
      spec: { policyName: 'small', validationActions: ['Deny'] },
    });
    let made = 0;
    // The extension follows policies: it has heard of this one soon.
    const refusal = await waitUntil('the policy to be known', async () => {
      try {
        await client.post<KubeObject>(path, thing(`large-${made++}`, 40));
        return undefined;
      } catch (error) {
        return error as ApiError;
      }
    });
    expect(refusal.message).toContain("ValidatingAdmissionPolicy 'small' with binding 'small' denied request: things are small here");
  });
});
