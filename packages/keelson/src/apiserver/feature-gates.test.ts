import { generateKeyPairSync } from 'node:crypto';
import type { Json, KubeObject } from '@keelson/machinery';
import { afterEach, describe, expect, it } from 'vitest';
import { type Asked, TestApiServer } from './testing/test-api-server.js';

let server: TestApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const admin = { authorization: 'Bearer admin' };
const range = '--service-cluster-ip-range=10.96.0.0/16';

async function startWith(...flags: string[]) {
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  server = await TestApiServer.start([range, '--disable-admission-plugins=ServiceAccount', ...flags], { 'sa.key': signing });
  const ask = async (path: string, asked: Asked = {}) => (server as TestApiServer).ask(path, { ...asked, headers: admin });
  return {
    ask,
    watch: (path: string) => (server as TestApiServer).watch(path, { headers: admin }),
    async post(path: string, body: Json) {
      const told = await ask(path, { body });
      return { code: told.code, body: told.body as { message?: string; spec: Record<string, unknown> } };
    },
  };
}

const pods = '/api/v1/namespaces/default/pods';
const services = '/api/v1/namespaces/default/services';
const autoscalers = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const container = { name: 'c', image: 'i', lifecycle: { stopSignal: 'SIGHUP' } };
const pod = { metadata: { name: 'p' }, spec: { os: { name: 'linux' }, containers: [container] } };
const service = { metadata: { name: '1st' }, spec: { ports: [{ port: 80 }] } };
const scaleToNothing = {
  metadata: { name: 'h' },
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' },
    minReplicas: 0,
    maxReplicas: 3,
    metrics: [{ type: 'External', external: { metric: { name: 'm' }, target: { type: 'Value', value: '1' } } }],
  },
};
const tokenFlags = [
  '--service-account-issuer=https://a',
  ...['', 'signing-'].map((use) => `--service-account-${use}key-file={dir}/sa.key`),
];
const initialEvents = `${pods}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`;
const betaDiscovery = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';
const inForm = async (accept: string) =>
  (await (server as TestApiServer).ask('/apis', { headers: { ...admin, accept: `${accept},application/json` } })).headers;

/** How the published document describes the protocol of a port. */
async function protocolOf(ask: (path: string) => Promise<{ readonly body: Json }>) {
  const { body } = await ask('/openapi/v3/api/v1');
  const { schemas } = (body as { components: { schemas: Record<string, { properties: Record<string, Json> }> } }).components;
  return schemas['io.k8s.api.core.v1.ContainerPort']?.properties.protocol;
}

const certificates = '/apis/certificates.k8s.io/v1beta1';

interface Discovery {
  readonly resources: readonly { readonly name: string; readonly storageVersionHash?: string }[];
}

describe('a server without --feature-gates', () => {
  it('has the features that v1.34 has', async () => {
    const { ask, post, watch } = await startWith('--runtime-config=api/all=true');
    expect((await ask(certificates)).code).toBe(404);
    expect((await ask('/apis/storagemigration.k8s.io/v1alpha1')).code).toBe(404);
    const { resources } = (await ask('/api/v1')).body as unknown as Discovery;
    expect(resources.find(({ name }) => name === 'pods')?.storageVersionHash).toBe('xPOwRZ+Yhw8=');
    expect(resources.some(({ name }) => name === 'pods/resize')).toBe(true);
    expect(await watch(initialEvents)).toEqual([]);
    const made = await post(pods, pod);
    expect([made.code, (made.body.spec.containers as Record<string, unknown>[])[0]?.lifecycle]).toEqual([201, undefined]);
    expect((await post(services, service)).body.message).toContain('a DNS-1035 label must consist of');
    expect((await post(autoscalers, scaleToNothing)).body.message).toContain(
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
    );
    const leases = (await ask('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases')).body as unknown as {
      items: readonly unknown[];
    };
    expect(leases.items).toHaveLength(1);
    const role = (await ask('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kubelet-api-admin')).body;
    expect(JSON.stringify(role)).toContain('nodes/configz');
    for (const path of ['/statusz', '/flagz']) expect((await ask(path)).code).toBe(404);
    expect(
      await post(services, { metadata: { name: 's' }, spec: { ...service.spec, trafficDistribution: 'PreferSameNode' } }),
    ).toMatchObject({ code: 201 });
    expect((await ask(`${pods}/p/log?stream=Stdout`)).body).toMatchObject({
      code: 422,
      message: 'PodLogOptions "p" is invalid: stream: Forbidden: may not be specified',
    });
    expect((await inForm(betaDiscovery))['content-type']).toBe('application/json');
    expect(await protocolOf(ask)).toMatchObject({ type: 'string', enum: ['SCTP', 'TCP', 'UDP'] });
  });
});

describe('a server with other features', () => {
  it('has those that are switched on', async () => {
    const gates = 'ContainerStopSignals=true,ClusterTrustBundle=true,HPAScaleToZero=true,RelaxedServiceNameValidation=true';
    const { ask, post } = await startWith(`--feature-gates=${gates}`, `--runtime-config=${certificates.slice('/apis/'.length)}=true`);
    const { resources } = (await ask(certificates)).body as unknown as Discovery;
    expect(resources.map(({ name }) => name)).toEqual(['clustertrustbundles']);
    const made = await post(pods, pod);
    expect([made.code, made.body.spec.containers]).toMatchObject([201, [{ lifecycle: { stopSignal: 'SIGHUP' } }]]);
    expect((await post(services, service)).code).toBe(201);
    expect((await post(autoscalers, scaleToNothing)).code).toBe(201);
    const { metrics: _, ...spec } = scaleToNothing.spec;
    expect((await post(autoscalers, { metadata: { name: 'i' }, spec })).body.message).toContain(
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    );
  });

  it('has the pages and labels that are switched on', async () => {
    const gates = ['ComponentStatusz', 'ComponentFlagz', 'PodTopologyLabelsAdmission'].map((gate) => `${gate}=true`).join();
    const { ask, post } = await startWith(`--feature-gates=${gates}`);
    const page = async (path: string) => {
      const { code, body } = await (server as TestApiServer).ask(path, { headers: { ...admin, accept: 'text/plain' } });
      return [code, String(body)];
    };
    expect(await page('/statusz')).toEqual([200, expect.stringContaining('apiserver statusz')]);
    const flags = new RegExp(`\nfeature-gates(:|: |=| )${gates}\n.*\nprofiling(:|: |=| )true\n`, 's');
    expect(await page('/flagz')).toEqual([200, expect.stringMatching(flags)]);
    const role = (await ask('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:monitoring')).body;
    for (const path of ['/statusz', '/flagz']) expect(JSON.stringify(role)).toContain(`"nonResourceURLs":["${path}"]`);
    const zone = { 'topology.kubernetes.io/zone': 'z1' };
    expect((await post('/api/v1/nodes', { metadata: { name: 'n', labels: { ...zone, other: 'x' } } })).code).toBe(201);
    expect((await post(pods, { ...pod, metadata: { name: 'p', labels: { app: 'web' } } })).code).toBe(201);
    const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
    expect((await post(`${pods}/p/binding`, binding)).code).toBe(201);
    const { metadata, spec } = (await ask(`${pods}/p`)).body as unknown as KubeObject & { readonly spec: { readonly nodeName: string } };
    expect([spec.nodeName, metadata.labels]).toEqual(['n', { app: 'web', ...zone }]);
  });

  it('has not those that are switched off', async () => {
    const documents = ['OpenAPIEnums', 'AggregatedDiscoveryRemoveBetaType'];
    const gates = [
      ...documents,
      'WatchList',
      'StorageVersionHash',
      'APIServerIdentity',
      'KubeletFineGrainedAuthz',
      'InPlacePodVerticalScaling',
    ];
    const off = [...gates, 'PreferSameTrafficDistribution', 'TokenRequestServiceAccountUIDValidation', 'APIResponseCompression']
      .map((gate) => `${gate}=false`)
      .join();
    const { ask, post } = await startWith(`--feature-gates=${off}`, ...tokenFlags);
    expect((await ask(initialEvents)).body).toMatchObject({
      code: 422,
      message:
        'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    });
    const { resources } = (await ask('/api/v1')).body as unknown as Discovery;
    expect(resources.filter(({ name, storageVersionHash }) => storageVersionHash !== undefined || name === 'pods/resize')).toEqual([]);
    const leases = (await ask('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases')).body as unknown as {
      items: readonly unknown[];
    };
    expect(leases.items).toEqual([]);
    const role = (await ask('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kubelet-api-admin')).body;
    expect(JSON.stringify(role)).not.toContain('nodes/configz');
    expect((await inForm(betaDiscovery))['content-type']).toBe(betaDiscovery);
    const spread = { metadata: { name: 's' }, spec: { ...service.spec, trafficDistribution: 'PreferSameNode' } };
    expect((await post(services, spread)).body.message).toBe(
      'Service "s" is invalid: spec.trafficDistribution: Unsupported value: "PreferSameNode": supported values: "PreferClose"',
    );
    expect(Object.keys((await protocolOf(ask)) as object)).not.toContain('enum');
    await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'a' } });
    const token = { metadata: { uid: 'another' }, spec: { audiences: ['a'] } };
    expect((await post('/api/v1/namespaces/default/serviceaccounts/a/token', token)).code).toBe(201);
    const whole = await (server as TestApiServer).ask('/openapi/v2', { headers: { ...admin, 'accept-encoding': 'gzip' } });
    expect([whole.code, whole.headers['content-encoding']]).toEqual([200, undefined]);
  });
});
