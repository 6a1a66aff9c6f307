import { patching, patchOf, type Review, SERVICE, WebhookServer } from '@keelson/admission/testing';
import type { Json, JsonObject, KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApiServer, type Told } from '../testing/test-api-server.js';

let server: TestApiServer;
let webhook: WebhookServer;
const configurations = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

beforeAll(async () => {
  webhook = await WebhookServer.start();
  const override = `--service-dial-override=${SERVICE.namespace}/${SERVICE.name}:443=127.0.0.1:${webhook.port}`;
  // Pods need no account: no controller makes any here.
  const flags = ['--runtime-config=api/legacy=true', '--webhook-breaker-failures=2', '--disable-admission-plugins=ServiceAccount'];
  server = await TestApiServer.start([override, ...flags]);
});
afterAll(async () => {
  webhook.close();
  await server.stop();
});
beforeEach(() => {
  webhook.reviews.length = 0;
  webhook.answer = () => ({});
});

const asAdmin = { headers: { authorization: 'Bearer admin' } };
const send = (method: string, path: string, body?: object): Promise<Told> =>
  server.ask(path, { ...asAdmin, method, ...(body && { body: body as Json }) });
const failure = ({ code, body }: Told) => `${code} ${(body as unknown as Status).reason ?? ''}: ${(body as unknown as Status).message}`;

type Kind = 'Mutating' | 'Validating';
const all = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] };

/** Installs webhooks for as long as `act` runs. */
async function withWebhooks<T>(kind: Kind, webhooks: readonly object[], act: () => Promise<T>): Promise<T> {
  const path = `${configurations}/${kind.toLowerCase()}webhookconfigurations`;
  const spec = { clientConfig: webhook.clientConfig, sideEffects: 'None', admissionReviewVersions: ['v1'] };
  const complete = webhooks.map((one, at) => ({ name: `hook${at}.example.com`, ...spec, ...one }));
  const made = await send('POST', path, { metadata: { name: 'hooks' }, webhooks: complete });
  expect(made.code).toBe(201);
  try {
    return await act();
  } finally {
    expect((await send('DELETE', `${path}/hooks`)).code).toBe(200);
  }
}

const rule = (apiGroup: string, resource: string, more: object = {}) => ({
  rules: [{ ...all, apiGroups: [apiGroup], resources: [resource], ...more }],
});
const mapOf = (name: string, more: object = {}) => ({ metadata: { name, ...more }, data: { a: 'b' } });
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const deployment = (name: string) => ({ metadata: { name }, spec: { selector: { matchLabels: { app: 'web' } }, template } });

function requests(): Review['request'][] {
  return webhook.reviews.map(({ request }) => request);
}

describe('a validating webhook', () => {
  it('sees what is about to be stored, and says no', async () => {
    webhook.answer = ({ request }) =>
      request.operation === 'CREATE' ? { allowed: false, status: { message: 'not today', reason: 'Forbidden', code: 403 } as never } : {};
    const told = await withWebhooks('Validating', [rule('', 'configmaps')], () => send('POST', `${maps}?fieldManager=m`, mapOf('denied')));
    expect(failure(told)).toBe('403 Forbidden: admission webhook "hook0.example.com" denied the request: not today');
    const [request] = requests();
    expect(request).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      name: 'denied',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'admin', uid: 'admin-uid', groups: ['system:masters', 'system:authenticated'] },
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'denied',
          namespace: 'default',
          uid: expect.any(String),
          creationTimestamp: expect.any(String),
          managedFields: [expect.objectContaining({ manager: 'm' })],
        },
      },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'm' },
    });
    expect((await send('GET', `${maps}/denied`)).code).toBe(404);
  });

  it('sees the name that was made up', async () => {
    const told = await withWebhooks('Validating', [rule('', 'configmaps')], () =>
      send('POST', maps, { metadata: { generateName: 'gen-' } }),
    );
    const { name } = (told.body as unknown as KubeObject).metadata;
    expect(requests().map((request) => request.name)).toEqual([name]);
  });

  it('sees what was and what is to be, with the options of the operation', async () => {
    await send('POST', maps, mapOf('changing'));
    await withWebhooks('Validating', [rule('', 'configmaps')], async () => {
      await server.ask(`${maps}/changing?fieldManager=m`, {
        method: 'PATCH',
        headers: { ...asAdmin.headers, 'content-type': 'application/merge-patch+json' },
        body: { data: { k: 'v' } },
      });
      await send('DELETE', `${maps}/changing?gracePeriodSeconds=0`);
    });
    const updated = { data: { a: 'b', k: 'v' } };
    expect(requests()).toMatchObject([
      {
        operation: 'UPDATE',
        object: updated,
        oldObject: { kind: 'ConfigMap', metadata: { name: 'changing', resourceVersion: expect.any(String) } },
        options: { kind: 'UpdateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'm' },
      },
      { operation: 'DELETE', object: null, oldObject: updated, options: { kind: 'DeleteOptions', gracePeriodSeconds: 0 } },
    ]);
  });

  it('sees the namespace that is made as in itself', async () => {
    await withWebhooks('Validating', [rule('', 'namespaces', { scope: 'Cluster' })], () =>
      send('POST', '/api/v1/namespaces', { metadata: { name: 'made' } }),
    );
    expect(requests()).toMatchObject([{ name: 'made', namespace: 'made' }]);
  });

  it('sees scales as scales, and what is asked of pods and accounts', async () => {
    await send('POST', deployments, deployment('scaled'));
    await send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
    await withWebhooks(
      'Validating',
      [{ rules: [{ ...all, resources: ['*/scale', 'pods', 'pods/eviction', 'pods/binding'] }] }],
      async () => {
        const scale = { metadata: { name: 'scaled' }, spec: { replicas: 3 } };
        expect((await send('PUT', `${deployments}/scaled/scale`, scale)).code).toBe(200);
        const binding = { metadata: { name: 'p' }, target: { name: 'n' } };
        expect((await send('POST', '/api/v1/namespaces/default/pods/p/binding', binding)).code).toBe(201);
        expect((await send('POST', '/api/v1/namespaces/default/pods/p/eviction', { metadata: { name: 'p' } })).code).toBe(201);
      },
    );
    expect(requests()).toMatchObject([
      {
        kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
        resource: { group: 'apps', version: 'v1', resource: 'deployments' },
        subResource: 'scale',
        operation: 'UPDATE',
        object: { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 3 }, status: { replicas: 0, selector: 'app=web' } },
        oldObject: { kind: 'Scale', spec: { replicas: 1 } },
      },
      {
        kind: { group: '', version: 'v1', kind: 'Binding' },
        subResource: 'binding',
        operation: 'CREATE',
        object: { kind: 'Binding', metadata: { name: 'p', namespace: 'default' }, target: { name: 'n' } },
      },
      {
        kind: { group: 'policy', version: 'v1', kind: 'Eviction' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        subResource: 'eviction',
        operation: 'CREATE',
        object: { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'p', namespace: 'default' } },
      },
    ]);
  });

  it('refuses before anything is done to a pod', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    await send('POST', pods, { metadata: { name: 'kept' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
    const metadata = { name: 'kept' };
    const actions = { binding: { metadata, target: { name: 'n' } }, eviction: { metadata } };
    webhook.answer = () => ({ allowed: false });
    await withWebhooks('Validating', [rule('', 'pods/*')], async () => {
      for (const [action, body] of Object.entries(actions))
        expect(failure(await send('POST', `${pods}/kept/${action}`, body))).toContain('denied the request without explanation');
    });
    const pod = (await send('GET', `${pods}/kept`)).body as unknown as KubeObject & { spec: { nodeName?: string } };
    expect([pod.spec.nodeName, pod.metadata.deletionTimestamp]).toEqual([undefined, undefined]);
  });

  it('is behind a service, wherever that is', async () => {
    const clientConfig = { service: { ...SERVICE, path: '/here' }, caBundle: webhook.caBundle };
    let path: string | undefined;
    webhook.answer = (_review, _response, { url }) => {
      path = url;
      return {};
    };
    await withWebhooks('Validating', [{ ...rule('', 'configmaps'), clientConfig }], () => send('POST', maps, mapOf('by-service')));
    expect(path).toBe('/here?timeout=10s');
  });
});

describe('a webhook for one version of a resource', () => {
  const early = '/apis/extensions/v1beta1/namespaces/default/deployments';

  it('sees requests in others converted', async () => {
    webhook.answer = patching({ op: 'add', path: '/spec/replicas', value: 4 }, { op: 'test', path: '/apiVersion', value: 'apps/v1' });
    const told = await withWebhooks('Mutating', [rule('apps', 'deployments', { apiVersions: ['v1'] })], () =>
      send('POST', early, deployment('early')),
    );
    expect([told.code, told.body]).toMatchObject([201, { apiVersion: 'extensions/v1beta1', spec: { replicas: 4 } }]);
    expect(requests()).toMatchObject([
      {
        kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
        requestKind: { group: 'extensions', version: 'v1beta1', kind: 'Deployment' },
        requestResource: { group: 'extensions', version: 'v1beta1', resource: 'deployments' },
        object: { apiVersion: 'apps/v1', kind: 'Deployment' },
      },
    ]);
  });

  it('sees requests in its own version as that version shows them', async () => {
    await withWebhooks('Validating', [rule('extensions', 'deployments')], () => send('POST', deployments, deployment('late')));
    const [request] = requests();
    // What extensions/v1beta1 says and apps/v1 does not.
    expect(request?.object).toMatchObject({ apiVersion: 'extensions/v1beta1', kind: 'Deployment', spec: { replicas: 1 } });
    const exact = { ...rule('extensions', 'deployments'), matchPolicy: 'Exact' };
    await withWebhooks('Validating', [exact], () => send('POST', deployments, deployment('exact')));
    expect(requests()).toHaveLength(1);
  });
});

describe('a mutating webhook', () => {
  it('changes what is stored, with defaults for what it adds', async () => {
    const container = { name: 'side', image: 'i', ports: [{ containerPort: 80 }] };
    webhook.answer = patching({ op: 'add', path: '/spec/template/spec/containers/-', value: container });
    const told = await withWebhooks('Mutating', [rule('apps', 'deployments')], () => send('POST', deployments, deployment('injected')));
    const { spec } = told.body as unknown as { spec: { template: { spec: { containers: JsonObject[] } } } };
    expect(spec.template.spec.containers[1]).toEqual({
      ...container,
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'Always',
    });
  });

  it('changes a scale', async () => {
    await send('POST', deployments, deployment('capped'));
    webhook.answer = patching({ op: 'replace', path: '/spec/replicas', value: 2 });
    const told = await withWebhooks('Mutating', [rule('apps', 'deployments/scale')], () =>
      send('PUT', `${deployments}/capped/scale`, { metadata: { name: 'capped' }, spec: { replicas: 30 } }),
    );
    expect(told.body).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
    expect((await send('GET', `${deployments}/capped`)).body).toMatchObject({ spec: { replicas: 2 } });
  });

  it('may not make an object invalid, nor lose its owners', async () => {
    const answers: [object, string][] = [
      [{ op: 'replace', path: '/metadata/name', value: 'A B' }, 'metadata.name: Invalid value: "A B"'],
      [{ op: 'add', path: '/data', value: { k: 1 } }, 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
      [{ op: 'replace', path: '/kind', value: 'Secret' }, 'v1, Kind=Secret cannot be made of v1, Kind=ConfigMap'],
    ];
    await withWebhooks('Mutating', [rule('', 'configmaps')], async () => {
      for (const [operation, why] of answers) {
        webhook.answer = patching(operation);
        expect(failure(await send('POST', maps, mapOf('broken')))).toContain(why);
      }
      webhook.answer = patching({ op: 'add', path: '/metadata/managedFields', value: [{ operation: 'Update', apiVersion: 'v1' }] });
      const told = await send('POST', maps, mapOf('disowned'));
      expect(told.headers.warning).toBe(
        '299 - ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: missing fieldsType in managed fields entry 0"',
      );
      expect((told.body as unknown as KubeObject).metadata.managedFields?.map(({ operation }) => operation)).toEqual(['Update']);
    });
  });

  it('is asked again after others, in one second round', async () => {
    webhook.answer = (_review, _response, { url }) =>
      patchOf({ op: 'add', path: `/metadata/labels/${url?.startsWith('/first') ? 'first' : 'second'}`, value: 'x' });
    const at = (path: string) => ({ url: webhook.url.replace('/review', path), caBundle: webhook.caBundle });
    const both = ['/first', '/second'].map((path) => ({
      ...rule('', 'configmaps'),
      clientConfig: at(path),
      reinvocationPolicy: 'IfNeeded',
    }));
    await withWebhooks('Mutating', both, () => send('POST', maps, mapOf('again', { labels: { a: 'b' } })));
    const seen = requests().map(({ object }) => Object.keys((object as KubeObject | null)?.metadata.labels ?? {}).join());
    expect(seen).toEqual(['a', 'a,first', 'a,first,second']);
  });

  it('keeps a dry run from what it may do besides', async () => {
    await withWebhooks('Mutating', [{ ...rule('', 'configmaps'), sideEffects: 'NoneOnDryRun' }], async () => {
      expect((await send('POST', `${maps}?dryRun=All`, mapOf('dry'))).code).toBe(201);
    });
    expect(requests()).toMatchObject([{ dryRun: true, options: { dryRun: ['All'] } }]);
  });
});

describe('a webhook that does not answer', () => {
  const hanging = { ...rule('', 'configmaps'), timeoutSeconds: 1 };

  it('refuses requests, or is ignored and after a while not asked any more, as its policy says', async () => {
    webhook.answer = () => undefined;
    const said = await withWebhooks('Validating', [hanging], () => send('POST', maps, mapOf('late')));
    const call = `failed to call webhook: Post "${webhook.url}?timeout=1s": context deadline exceeded`;
    expect(failure(said)).toBe(`500 InternalError: Internal error occurred: failed calling webhook "hook0.example.com": ${call}`);
    webhook.reviews.length = 0;
    await withWebhooks('Validating', [{ ...hanging, failurePolicy: 'Ignore' }], async () => {
      const written = await Promise.all(['a', 'b'].map((name) => send('POST', maps, mapOf(`late-${name}`))));
      expect(written.map(({ code }) => code)).toEqual([201, 201]);
      expect((await send('POST', maps, mapOf('late-c'))).code).toBe(201);
      expect(requests()).toHaveLength(2);
    });
    const metrics = String((await send('GET', '/metrics')).body);
    expect(metrics).toContain('apiserver_admission_webhook_fail_open_count{name="hook0.example.com",type="validating"} 3\n');
  });

  it('does not keep its own configuration from being changed', async () => {
    webhook.answer = () => undefined;
    const everything = { rules: [{ ...all, resources: ['*/*'] }], timeoutSeconds: 1 };
    await withWebhooks('Validating', [everything], async () => {
      const changed = await send('GET', `${configurations}/validatingwebhookconfigurations/hooks`);
      expect((await send('PUT', `${configurations}/validatingwebhookconfigurations/hooks`, changed.body as object)).code).toBe(200);
    });
    expect(requests()).toEqual([]);
  });
});
