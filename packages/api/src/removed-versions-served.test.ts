import type { Json, KubeObject } from '@keelson/machinery';
import type { ResourceVersion } from '@keelson/server';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBuiltInGroups } from './testing/all-built-in-groups.js';
import { startLegacyServer } from './testing/legacy-server.js';

type Body = Record<string, Json>;

const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const template = { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } };
const webhooks = [{ name: 'a.example.com', clientConfig: { url: 'https://a.example.com' } }];
const pem =
  '-----BEGIN CERTIFICATE REQUEST-----\n' +
  'MIHaMIGBAgEAMB8xDTALBgNVBAoMBGRldnMxDjAMBgNVBAMMBXJ1bGVzMFkwEwYH\n' +
  'KoZIzj0CAQYIKoZIzj0DAQcDQgAEE4lT5njTK7WUCG+RkdkYRWuYaWOkyt6zK3tu\n' +
  'lacvXlZNy0LflaCXujBf0KEW1wmdC2Sa64tGfPznYtLP1O9jcqAAMAoGCCqGSM49\n' +
  'BAMCA0gAMEUCIATJX03bciq/1z1yp5k3YxxUnpLH7R4zWYAulw1iVqUnAiEA4OWz\n' +
  'nI7Tw7+bMiFFpFeyit96f+j9U45Qln6r0aNoXtk=\n' +
  '-----END CERTIFICATE REQUEST-----\n';

/** What people sent, besides metadata, by kind; by `apiVersion kind` where versions differ. */
const bodies: Readonly<Record<string, Body>> = {
  CSIDriver: { spec: { attachRequired: false } },
  CSINode: { spec: { drivers: [{ name: 'd.example.com', nodeID: 'n', topologyKeys: ['zone'] }] } },
  CSIStorageCapacity: { storageClassName: 'fast', capacity: '10Gi' },
  StorageClass: { provisioner: 'example.com/p', parameters: { type: 'ssd' } },
  VolumeAttachment: { spec: { attacher: 'a.example.com', nodeName: 'n', source: { persistentVolumeName: 'pv' } } },
  PriorityClass: { value: 7, description: 'd' },
  Lease: { spec: { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: '2020-01-01T00:00:00.000000Z' } },
  CronJob: { spec: { schedule: '@hourly', jobTemplate: { spec: { template } } } },
  RuntimeClass: { handler: 'runsc', overhead: { podFixed: { cpu: '10m' } } },
  'node.k8s.io/v1alpha1 RuntimeClass': { spec: { runtimeHandler: 'runsc', overhead: { podFixed: { cpu: '10m' } } } },
  IngressClass: { spec: { controller: 'example.com/c', parameters: { kind: 'P', name: 'p' } } },
  Ingress: { spec: { backend: { serviceName: 'web', servicePort: 'http' } } },
  NetworkPolicy: { spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { a: 'b' } } }], ports: [{ port: 80 }] }] } },
  Role: { rules },
  ClusterRole: { rules },
  RoleBinding: { roleRef, subjects: [{ kind: 'User', name: 'alice' }] },
  ClusterRoleBinding: { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }] },
  APIService: {
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 5, service: { namespace: 'a', name: 's' } },
  },
  FlowSchema: { spec: { priorityLevelConfiguration: { name: 'global-default' }, matchingPrecedence: 900 } },
  PriorityLevelConfiguration: { spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } } },
  PodDisruptionBudget: { spec: { minAvailable: '50%', selector: {} } },
  EndpointSlice: {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'], topology: { 'kubernetes.io/hostname': 'n', 'topology.kubernetes.io/zone': 'z', rack: '7' } }],
    ports: [{ port: 80 }],
  },
  Event: {
    regarding: { kind: 'Pod', namespace: 'default', name: 'p' },
    note: 'n',
    reason: 'R',
    type: 'Normal',
    deprecatedCount: 3,
    eventTime: null,
  },
  MutatingWebhookConfiguration: { webhooks },
  ValidatingWebhookConfiguration: { webhooks },
  CertificateSigningRequest: { spec: { request: Buffer.from(pem).toString('base64') } },
  HorizontalPodAutoscaler: { spec: { scaleTargetRef, maxReplicas: 5 } },
  'extensions/v1beta1 HorizontalPodAutoscaler': {
    spec: { scaleRef: { kind: 'Deployment', name: 'web', apiVersion: 'extensions/v1beta1', subresource: 'scale' }, maxReplicas: 5 },
  },
  TokenReview: { spec: { token: 't' } },
  SelfSubjectReview: {},
  SubjectAccessReview: { spec: { user: 'alice', group: ['devs'], nonResourceAttributes: { path: '/x', verb: 'get' } } },
  LocalSubjectAccessReview: {
    spec: { user: 'alice', group: ['devs'], resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
  },
  SelfSubjectAccessReview: { spec: { nonResourceAttributes: { path: '/x', verb: 'get' } } },
  SelfSubjectRulesReview: { spec: { namespace: 'default' } },
};

/** Definitions and workloads have tests of their own. */
const testedElsewhere = ['ControllerRevision', 'CustomResourceDefinition', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];

const removed = [...new Set(allBuiltInGroups().flatMap(({ resources }) => resources))]
  .flatMap((resource) => [...resource.versions.values()])
  .filter(({ definition, kind }) => definition.removed && !testedElsewhere.includes(kind))
  .map((version) => [`${version.apiVersion} ${version.kind}`, version] as const);
const stored = removed.filter(([, { resource }]) => resource.stored);
const reviews = removed.filter(([, { resource }]) => !resource.stored);

let server: TestServer;
beforeAll(async () => {
  server = await startLegacyServer();
});
afterAll(stopTestServers);

function pathOf({ resource }: ResourceVersion, apiVersion: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${resource.namespaced ? '/namespaces/default' : ''}/${resource.resource}`;
}

function newestOf({ resource: { hub } }: ResourceVersion): string {
  return hub.group === '' ? hub.version : `${hub.group}/${hub.version}`;
}

function bodyOf(name: string, { apiVersion, kind }: ResourceVersion): Body {
  const metadata = kind === 'APIService' ? { name: 'v1.example.com' } : { name: 'x' };
  return { apiVersion, kind, metadata, ...(bodies[name] ?? bodies[kind]) };
}

/** Creates the object in its old version, and removes it again after `look`. */
async function created(
  name: string,
  version: ResourceVersion,
  look: (object: KubeObject & Body, warning: unknown) => Promise<void> | void,
) {
  const path = pathOf(version, version.apiVersion);
  const answer = await server.client.post(path, bodyOf(name, version));
  expect(answer.code, answer.text).toBe(201);
  const object = answer.json<KubeObject & Body>();
  try {
    await look(object, answer.headers.warning);
  } finally {
    // Some kinds would else be kept for their dependents to be orphaned.
    await server.client.delete(`${path}/${object.metadata.name}?propagationPolicy=Background`);
  }
}

const read = async (path: string) => (await server.client.get(path)).json<KubeObject & Body>();

describe.each(stored)('%s', (name, version) => {
  it('is created as it was sent, with a warning', () =>
    created(name, version, async (object, warning) => {
      expect(object).toMatchObject(sentOf(name, version));
      expect(warning).toBe(`299 - "${version.definition.deprecationWarning}"`);
    }));

  it('is read in the newest version and back, and written back unchanged', () =>
    created(name, version, async (object) => {
      const path = `${pathOf(version, version.apiVersion)}/${object.metadata.name}`;
      const newest = await read(path.replace(pathOf(version, version.apiVersion), pathOf(version, newestOf(version))));
      expect([newest.apiVersion, newest.metadata.uid]).toEqual([newestOf(version), object.metadata.uid]);
      expect(await read(path)).toEqual(object);
      const { code, headers, text } = await server.client.put(path, object);
      expect([code, JSON.parse(text)]).toEqual([200, object]);
      expect(headers.warning).toBe(`299 - "${version.definition.deprecationWarning}"`);
    }));

  it('is listed and described', async () => {
    const path = pathOf(version, version.apiVersion);
    await created(name, version, async (object) => {
      const { kind, items } = (await server.client.get(path)).json<KubeObject & { items: Body[] }>();
      expect(kind).toBe(`${version.kind}List`);
      const { apiVersion: _version, kind: _kind, ...item } = object;
      expect(items.filter(({ metadata }) => (metadata as { name?: string }).name === object.metadata.name)).toEqual([item]);
    });
  });
});

/** Some of what is sent is said differently in the answer. */
function sentOf(name: string, version: ResourceVersion): Body {
  const { metadata, ...body } = bodyOf(name, version);
  if (version.kind !== 'Event') return { metadata: metadata as Json, ...body };
  return { metadata: metadata as Json, note: 'n', deprecatedCount: 3 };
}

describe.each(reviews)('%s', (name, version) => {
  it('is answered in its own shape, with a warning', async () => {
    const { metadata: _none, ...body } = bodyOf(name, version);
    const { code, text, headers } = await server.client.post(pathOf(version, version.apiVersion), body);
    expect(code, text).toBe(201);
    expect(headers.warning).toBe(`299 - "${version.definition.deprecationWarning}"`);
    const { spec = {} } = version.kind === 'SelfSubjectRulesReview' ? {} : body;
    expect(JSON.parse(text)).toMatchObject({ ...body, ...(body.spec && { spec }) });
  });
});

/** What is read of an object in another version than it was created in. */
async function readAs(name: string, body: Body, path: string): Promise<Body> {
  const version = removed.find(([known]) => known === name)?.[1] as ResourceVersion;
  const from = pathOf(version, version.apiVersion);
  const answer = await server.client.post(from, { metadata: { name: 'y' }, ...body });
  expect(answer.code, answer.text).toBe(201);
  const read = (await server.client.get(`${path.replace('*', version.resource.namespaced ? 'namespaces/default/' : '')}/y`)).json<
    KubeObject & Body
  >();
  await server.client.delete(`${from}/y`);
  return read;
}

describe('what old versions mean by what they leave out', () => {
  it('paths of ingresses are matched as the controller likes', async () => {
    const http = {
      paths: [{ path: '/a', backend: { serviceName: 'web', servicePort: 80 } }, { backend: { serviceName: 'db', servicePort: 'sql' } }],
    };
    const body = { spec: { rules: [{ host: 'a.example.com', http }] } };
    const { spec } = await readAs('extensions/v1beta1 Ingress', body, '/apis/networking.k8s.io/v1/*ingresses');
    expect(spec).toEqual({
      rules: [
        {
          host: 'a.example.com',
          http: {
            paths: [
              { path: '/a', pathType: 'ImplementationSpecific', backend: { service: { name: 'web', port: { number: 80 } } } },
              { pathType: 'ImplementationSpecific', backend: { service: { name: 'db', port: { name: 'sql' } } } },
            ],
          },
        },
      ],
    });
  });

  it('autoscalers of extensions look at the CPU, as both versions of today tell', async () => {
    const name = 'extensions/v1beta1 HorizontalPodAutoscaler';
    const body = bodies[name] as Body;
    const v1 = await readAs(name, body, '/apis/autoscaling/v1/*horizontalpodautoscalers');
    const target = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', name: 'web' };
    expect(v1.spec).toEqual({ scaleTargetRef: target, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80 });
    const v2 = await readAs(name, body, '/apis/autoscaling/v2/*horizontalpodautoscalers');
    const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
    expect(v2.spec).toEqual({ scaleTargetRef: target, minReplicas: 1, maxReplicas: 5, metrics });
    const first = await readAs(name, body, '/apis/extensions/v1beta1/*horizontalpodautoscalers');
    expect(first.spec).toEqual({ ...(body.spec as object), minReplicas: 1, cpuUtilization: { targetPercentage: 80 } });
  });

  it('webhooks that fail are ignored, and have time', async () => {
    const kind = 'ValidatingWebhookConfiguration';
    const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
    const body = { webhooks: [{ ...webhooks[0], rules: [rule] }] };
    const path = `/apis/admissionregistration.k8s.io/v1/*${kind.toLowerCase()}s`;
    expect((await readAs(`admissionregistration.k8s.io/v1beta1 ${kind}`, body, path)).webhooks).toEqual([
      {
        ...webhooks[0],
        rules: [{ ...rule, scope: '*' }],
        failurePolicy: 'Ignore',
        matchPolicy: 'Exact',
        namespaceSelector: {},
        objectSelector: {},
        sideEffects: 'Unknown',
        timeoutSeconds: 30,
        admissionReviewVersions: ['v1beta1'],
      },
    ]);
  });

  it('an empty selector of a disruption budget is no pods', async () => {
    const read = (selector: Json, version: string) =>
      readAs('policy/v1beta1 PodDisruptionBudget', { spec: { selector } }, `/apis/policy/${version}/*poddisruptionbudgets`);
    const key = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match';
    const allPods = { matchExpressions: [{ key, operator: 'DoesNotExist' }] };
    expect((await read({}, 'v1')).spec).toEqual({ selector: { matchExpressions: [{ key, operator: 'Exists' }] } });
    expect((await read({}, 'v1beta1')).spec).toEqual({ selector: {} });
    expect((await read(allPods, 'v1')).spec).toEqual({ selector: {} });
    expect((await read(allPods, 'v1beta1')).spec).toEqual({ selector: allPods });
  });

  it('zone and node of an endpoint have fields today', async () => {
    const name = 'discovery.k8s.io/v1beta1 EndpointSlice';
    const { endpoints } = await readAs(name, bodies.EndpointSlice as Body, '/apis/discovery.k8s.io/v1/*endpointslices');
    expect(endpoints).toEqual([{ addresses: ['10.1.2.3'], conditions: {}, nodeName: 'n', zone: 'z', deprecatedTopology: { rack: '7' } }]);
  });

  it('priority levels have shares, unless they are marked to have none', async () => {
    const type = 'Limited';
    const limited = { limitResponse: { type: 'Reject' } };
    const path = '/apis/flowcontrol.apiserver.k8s.io/v1/*prioritylevelconfigurations';
    const shares = async (name: string, body: Body) => {
      const { spec } = await readAs(`flowcontrol.apiserver.k8s.io/${name} PriorityLevelConfiguration`, body, path);
      return (spec as unknown as { limited: { nominalConcurrencyShares: number } }).limited.nominalConcurrencyShares;
    };
    const marked = { metadata: { name: 'y', annotations: { 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares': '' } } };
    expect(await shares('v1beta3', { spec: { type, limited } })).toBe(30);
    expect(await shares('v1beta3', { ...marked, spec: { type, limited } })).toBe(0);
    expect(await shares('v1beta2', { spec: { type, limited: { ...limited, assuredConcurrencyShares: 7 } } })).toBe(7);
    expect(await shares('v1beta1', { spec: { type, limited } })).toBe(30);
  });

  it('bindings of v1alpha1 mean everybody with a name by a star', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/*rolebindings';
    const body = {
      roleRef,
      subjects: [
        { kind: 'User', name: '*' },
        { kind: 'ServiceAccount', name: 's', namespace: 'a' },
      ],
    };
    expect((await readAs('rbac.authorization.k8s.io/v1alpha1 RoleBinding', body, path)).subjects).toEqual([
      { kind: 'Group', apiGroup: roleRef.apiGroup, name: 'system:authenticated' },
      { kind: 'ServiceAccount', name: 's', namespace: 'a' },
    ]);
  });
});
