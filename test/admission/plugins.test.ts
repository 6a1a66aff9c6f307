import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, WebhookServer } from '@keelson/admission/testing';
import { RemoteServer } from '@keelson/machinery';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { request } from './signing-request.js';

const enabled = [
  'NamespaceAutoProvision',
  'NamespaceExists',
  'LimitPodHardAntiAffinityTopology',
  'AlwaysPullImages',
  'ImagePolicyWebhook',
  'PodNodeSelector',
  'PodTolerationRestriction',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'OwnerReferencesPermissionEnforcement',
  'DenyServiceExternalIPs',
];

const withStatus =
  (status: object): Answer =>
  (_review, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ apiVersion: 'imagepolicy.k8s.io/v1alpha1', kind: 'ImageReview', status }));
    return undefined;
  };

/** Files as an administrator would write them. */
async function writeConfiguration(directory: string, images: WebhookServer): Promise<string> {
  const kubeconfig = join(directory, 'images.kubeconfig');
  const cluster = { server: images.url, 'certificate-authority-data': images.caBundle };
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const clusters = [{ name: 'c', cluster }];
  const users = [{ name: 'u', user: { token: 'for-images' } }];
  await writeFile(kubeconfig, JSON.stringify({ clusters, users, contexts: [context], 'current-context': 'c' }));
  await writeFile(join(directory, 'images.yaml'), `imagePolicy:\n  kubeConfigFile: ${kubeconfig}\n  denyTTL: -1\n  retryBackoff: 1\n`);
  const limits = 'limits:\n- {type: Server, qps: 1000, burst: 1000}\n- {type: Namespace, qps: 1, burst: 2}\n';
  await writeFile(join(directory, 'events.yaml'), `apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\n${limits}`);
  const file = join(directory, 'admission.yaml');
  await writeFile(
    file,
    `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  path: events.yaml
- name: ImagePolicyWebhook
  path: images.yaml
- name: PodNodeSelector
  configuration:
    podNodeSelectorPluginConfig:
      clusterDefaultNodeSelector: pool=main
- name: PodTolerationRestriction
  configuration:
    apiVersion: podtolerationrestriction.admission.k8s.io/v1alpha1
    kind: Configuration
    default:
    - {key: pool, operator: Exists}
`,
  );
  return file;
}

describe('admission plugins of a server that is configured by files', () => {
  let directory: string;
  let images: WebhookServer;
  let server: RunningKeelson;
  const clients = new Map<string, RemoteServer>();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'admission-plugins-'));
    images = await WebhookServer.start();
    server = await startApiServer({
      backend: 'embedded',
      flags: {
        'enable-admission-plugins': enabled.join(','),
        'admission-control-config-file': await writeConfiguration(directory, images),
        'default-not-ready-toleration-seconds': '60',
      },
    });
    for (const [user, token] of Object.entries({ admin: server.adminToken, alice: server.aliceToken })) {
      const access = { server: server.url, certificateAuthority: server.ca, insecureSkipTlsVerify: false };
      clients.set(user, new RemoteServer({ ...access, authorization: `Bearer ${token}` }));
    }
  });
  afterAll(async () => {
    for (const client of clients.values()) client.close();
    images?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    images.answer = withStatus({ allowed: true });
    images.reviews.length = 0;
  });

  async function ask(method: string, path: string, body?: object, as = 'admin', contentType = 'application/json') {
    const sent = { method, path, headers: { 'Content-Type': contentType }, ...(body && { body: JSON.stringify(body) }) };
    const answer = await clients.get(as)?.send(sent);
    return { code: answer?.code, body: JSON.parse(answer?.body.toString() ?? '') };
  }

  const create = (path: string, body: object, as?: string) => ask('POST', path, body, as);
  const patch = (path: string, body: object, as?: string) => ask('PATCH', path, body, as, 'application/merge-patch+json');
  /** The code and what is said of a request that is refused. */
  const refusal = async (asked: ReturnType<typeof ask>) => {
    const { code, body } = await asked;
    return [code, body.message];
  };

  const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
    metadata: { name, ...metadata },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  });
  const podsIn = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

  it('make a namespace and a pod of what its class, its namespace and the cluster say', async () => {
    const overhead = { podFixed: { cpu: '10m' } };
    await create('/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'heavy' }, handler: 'kata', overhead });
    const resources = { requests: { cpu: '1' }, limits: { 'example.com/gpu': '1' } };
    const spec = { containers: [{ name: 'c', image: 'nginx:1', imagePullPolicy: 'Never', resources }], runtimeClassName: 'heavy' };
    const { code, body } = await create(podsIn('fresh'), pod('web', spec, { annotations: { 'x.image-policy.k8s.io/why': 'test' } }));
    expect(code).toBe(201);
    const stays = (key: string, tolerationSeconds: number) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds });
    expect(body.spec).toMatchObject({
      containers: [{ imagePullPolicy: 'Always' }],
      nodeSelector: { pool: 'main' },
      overhead: { cpu: '10m' },
      tolerations: [
        stays('node.kubernetes.io/not-ready', 60),
        stays('node.kubernetes.io/unreachable', 300),
        { key: 'pool', operator: 'Exists' },
        { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'example.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      ],
    });
    expect(images.reviews.map((review) => (review as unknown as { spec: object }).spec)).toEqual([
      { containers: [{ image: 'nginx:1' }], annotations: { 'x.image-policy.k8s.io/why': 'test' }, namespace: 'fresh' },
    ]);
    expect((await ask('GET', '/api/v1/namespaces/fresh')).body.status).toEqual({ phase: 'Active' });
  });

  it('refuse pods, each in its words', async () => {
    const term = { topologyKey: 'zone', labelSelector: {} };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const attempts: [object, number, string][] = [
      [pod('p', { nodeSelector: { pool: 'other' } }), 403, 'pod node label selector conflicts with its namespace node label selector'],
      [
        pod('p', { affinity }),
        403,
        'affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed',
      ],
      [pod('p', { runtimeClassName: 'none' }), 403, 'pod rejected: RuntimeClass "none" not found'],
    ];
    for (const [body, code, why] of attempts)
      expect(await refusal(create(podsIn('default'), body))).toEqual([code, `pods "p" is forbidden: ${why}`]);
    const unnamed = { ...pod(''), metadata: { generateName: 'p-' }, spec: { ...pod('').spec, priorityClassName: 'none' } };
    expect(await refusal(create(podsIn('default'), unnamed))).toEqual([
      403,
      'pods "p-" is forbidden: no PriorityClass with name none was found',
    ]);
    images.answer = withStatus({ allowed: false, reason: 'unsigned' });
    const unsigned = 'image policy webhook backend denied one or more images: unsigned';
    expect(await refusal(create(podsIn('default'), pod('p')))).toEqual([403, `pods "p" is forbidden: ${unsigned}`]);
    images.answer = (_review, response) => void response.destroy();
    const lost = `Post "${images.url}": EOF`;
    expect(await refusal(create(podsIn('default'), pod('p')))).toEqual([403, `pods "p" is forbidden: ${lost}`]);
  });

  it('refuse services with addresses that are not theirs', async () => {
    const service = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }], externalIPs: ['203.0.113.1'] } };
    const denied = 'services "s" is forbidden: Use of external IPs is denied by admission control';
    expect(await refusal(create('/api/v1/namespaces/default/services', service))).toEqual([403, denied]);
  });

  it('let few events of a namespace pass', async () => {
    const event = (name: string, namespace: string) => {
      const involvedObject = { kind: 'Pod', namespace, name: 'web' };
      return create(`/api/v1/namespaces/${namespace}/events`, { metadata: { name, namespace }, involvedObject, reason: 'Tested' });
    };
    // More than the bucket holds and what drips into it meanwhile, a token a second.
    const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => refusal(event(`e${at}`, 'default'))));
    expect(answers).toContainEqual([201, undefined]);
    expect(answers).toContainEqual([429, 'Too many requests: limit reached on type Namespace for key default']);
    expect((await event('other', 'kube-system')).code).toBe(201);
  });

  it('give claims and ingresses the newest default class', async () => {
    const marked = (name: string, key: string) => ({ name, annotations: { [key]: 'true' } });
    const storage = (name: string) => ({ metadata: marked(name, 'storageclass.kubernetes.io/is-default-class'), provisioner: 'x.io/y' });
    const ingress = (name: string) => ({
      metadata: marked(name, 'ingressclass.kubernetes.io/is-default-class'),
      spec: { controller: 'x.io/y' },
    });
    await create('/apis/storage.k8s.io/v1/storageclasses', storage('b'));
    await create('/apis/storage.k8s.io/v1/storageclasses', storage('a'));
    await create('/apis/networking.k8s.io/v1/ingressclasses', ingress('b'));
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
    const claim = (query = '') => create(`${claims}${query}`, { metadata: { name: 'c' }, spec });
    const backend = { service: { name: 's', port: { number: 80 } } };
    const ingresses = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';
    const attempt = () => create(`${ingresses}?dryRun=All`, { metadata: { name: 'i' }, spec: { defaultBackend: backend } });
    // Caches hear of a class after its writer does.
    await vi.waitFor(async () => expect((await attempt()).body.spec?.ingressClassName).toBe('b'));
    await vi.waitFor(async () => expect((await claim('?dryRun=All')).body.spec?.storageClassName).toBe('a'));
    const { body } = await claim();
    expect([body.spec.storageClassName, body.metadata.finalizers]).toEqual(['a', ['kubernetes.io/pvc-protection']]);
    await patch(`${claims}/c/status`, { status: { phase: 'Bound' } });
    expect(await refusal(patch(`${claims}/c`, { spec: { resources: { requests: { storage: '2Gi' } } } }))).toEqual([
      403,
      'persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    ]);
  });

  describe('for somebody with few rights', () => {
    beforeAll(async () => {
      const rules = [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get', 'update', 'patch'] },
        {
          apiGroups: ['certificates.k8s.io'],
          resources: ['certificatesigningrequests', 'certificatesigningrequests/approval', 'certificatesigningrequests/status'],
          verbs: ['get', 'update', 'patch'],
        },
      ];
      const rbac = '/apis/rbac.authorization.k8s.io/v1';
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'few' };
      await create(`${rbac}/clusterroles`, { metadata: { name: 'few' }, rules });
      await create(`${rbac}/clusterrolebindings`, { metadata: { name: 'few' }, roleRef, subjects: [{ kind: 'User', name: 'alice' }] });
      const some = '/api/v1/namespaces/default/configmaps/some';
      await vi.waitFor(async () => expect((await ask('GET', some, undefined, 'alice')).code).toBe(404));
    });

    const maps = '/api/v1/namespaces/default/configmaps';
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: '1' };

    it('ask who gives objects to owners', async () => {
      expect((await create(maps, { metadata: { name: 'owned', ownerReferences: [owner] } }, 'alice')).code).toBe(201);
      const rights = `, <nil>`;
      expect(await refusal(patch(`${maps}/owned`, { metadata: { ownerReferences: [] } }, 'alice'))).toEqual([
        403,
        `configmaps "owned" is forbidden: cannot set an ownerRef on a resource you can't delete: ${rights}`,
      ]);
      const blocking = { name: 'blocking', ownerReferences: [{ ...owner, blockOwnerDeletion: true }] };
      expect(await refusal(create(maps, { metadata: blocking }, 'alice'))).toEqual([
        403,
        `configmaps "blocking" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${rights}`,
      ]);
      const unknown = { ...blocking, ownerReferences: [{ ...owner, kind: 'Nothing', blockOwnerDeletion: true }] };
      expect(await refusal(create(maps, { metadata: unknown }, 'alice'))).toEqual([
        403,
        'configmaps "blocking" is forbidden: cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion v1 Kind Nothing: no matches for kind "Nothing" in version "v1"',
      ]);
      expect((await create(maps, { metadata: blocking })).code).toBe(201);
    });

    it('ask who approves and signs certificates', async () => {
      const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
      await create(requests, { metadata: { name: 'r' }, spec: { request, signerName: 'example.com/one', usages: ['client auth'] } });
      const condition = { type: 'Approved', status: 'True', reason: 'Test', message: '' };
      const refused = 'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to';
      const status = (conditions: object[]) => ({ status: { conditions } });
      expect(await refusal(patch(`${requests}/r/approval`, status([condition]), 'alice'))).toEqual([
        403,
        `${refused} approve requests with signerName "example.com/one"`,
      ]);
      expect(await refusal(patch(`${requests}/r/status`, status([{ ...condition, type: 'Failed' }]), 'alice'))).toEqual([
        403,
        `${refused} sign requests with signerName "example.com/one"`,
      ]);
      expect((await patch(`${requests}/r/approval`, status([condition]))).code).toBe(200);
    });
  });

  it('are measured', async () => {
    const { body } = (await clients.get('admin')?.send({ path: '/metrics' })) ?? {};
    const text = body?.toString() ?? '';
    const count = (labels: string) => text.includes(`apiserver_admission_controller_admission_duration_seconds_count{${labels}}`);
    expect([
      count('name="AlwaysPullImages",type="admit",operation="CREATE",rejected="false"'),
      count('name="DenyServiceExternalIPs",type="validate",operation="CREATE",rejected="true"'),
      count('name="NamespaceExists",type="admit",operation="CREATE",rejected="false"'),
    ]).toEqual([true, true, false]);
    expect(text).toMatch(
      /^apiserver_admission_step_admission_duration_seconds_count\{type="validate",operation="CREATE",rejected="true"\} \d+$/m,
    );
  });
});
