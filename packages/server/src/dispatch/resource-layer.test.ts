import { badRequest } from '@keelson/machinery';
import { apps, core } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineGroup } from '../resource/api-group.js';
import { defineResource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { createTestGroups } from '../testing/resources.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

const bindings = defineResource(core.v1.ServiceAccount, {
  names: { plural: 'serviceaccounts' },
  scope: 'Namespaced',
  storage: { key: 'serviceaccounts' },
  deprecationWarning: 'v1 ServiceAccount is old',
  subresources: {
    token: {
      type: 'action',
      kind: core.v1.ConfigMap,
      async create(object, { namespace, name, user, getParent, updateParent, deleteParent }) {
        const { data = {} } = object as core.v1.ConfigMap;
        if (data.do === 'fail') throw badRequest('told to fail');
        if (data.do === 'delete') await deleteParent({});
        if (data.do === 'label') await updateParent(({ metadata }) => void Object.assign(metadata, { labels: { by: user.name } }));
        if (data.do === 'status') return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
        const parent = data.do === 'delete' ? undefined : await getParent();
        return {
          metadata: { name: `${namespace}-${name}` },
          data: { labels: JSON.stringify(parent?.metadata.labels ?? {}) },
        } as core.v1.ConfigMap;
      },
    },
    proxy: { type: 'connect', methods: ['GET'], kind: 'PodProxyOptions' },
  },
});

const status = (message: string) => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', message }) as const;

/** Has one subresource in all versions and one that only the older of them knows. */
const revisions = defineResource(apps.v1.ControllerRevision, {
  names: { plural: 'controllerrevisions' },
  scope: 'Namespaced',
  storage: { key: 'controllerrevisions' },
  subresources: { eviction: { type: 'action', kind: core.v1.ConfigMap, create: async () => status('evicted') } },
  versions: [
    {
      kind: apps.v1beta2.ControllerRevision,
      deprecationWarning: 'the revision is old',
      subresources: {
        rollback: {
          type: 'action',
          kind: core.v1.ConfigMap,
          deprecationWarning: 'going back is old',
          create: async () => status('rolled back'),
        },
      },
    },
  ],
});

const revisionsGroup = defineGroup({
  group: 'apps',
  priority: 1,
  versions: ['v1', 'v1beta2'].map((version) => ({ version, priority: 1, enabledByDefault: true })),
  resources: [revisions],
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ groups: [...createTestGroups([bindings]), revisionsGroup] });
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const notAllowed = '405 MethodNotAllowed: the server does not allow this method on the requested resource';
const nowhere = '404 NotFound: the server could not find the requested resource';

describe('routes', () => {
  it.each([
    ['GET', '/api/v1/nothing', nowhere],
    ['GET', '/api/v2/configmaps', nowhere],
    ['GET', '/apis/apps/v1beta1/deployments', nowhere],
    ['GET', `${maps}/x/status`, nowhere],
    ['GET', '/api/v1/namespaces/a/namespaces/x', nowhere],
    ['DELETE', '/api/v1/namespaces/a/namespaces/x', nowhere],
    ['PUT', '/api/v1/namespaces/a/namespaces/x/finalize', nowhere],
    ['GET', '/api/v1/namespaces/a/namespaces', nowhere],
    ['GET', '/api/v1/namespaces/a/namespaces?fieldSelector=metadata.name%3Da', nowhere],
    ['POST', '/api/v1/namespaces/a/namespaces', nowhere],
    ['GET', '/api/v1/namespaces/missing', '404 NotFound: namespaces "missing" not found'],
    ['GET', '/api/v1/constructor', nowhere],
    ['POST', `${maps}/x`, notAllowed],
    ['PUT', maps, notAllowed],
    ['PATCH', maps, notAllowed],
    ['POST', '/api/v1/configmaps', notAllowed],
    ['DELETE', '/api/v1/configmaps', notAllowed],
    ['DELETE', '/api/v1/namespaces', notAllowed],
    ['DELETE', '/apis/apps/v1/namespaces/a/deployments/x/scale', notAllowed],
    ['OPTIONS', maps, notAllowed],
    ['GET', '/api/v1/namespaces/a/serviceaccounts/x/token', notAllowed],
  ])('%s %s: %s', async (method, path, expected) => {
    expect((await server.client.ask(method, path)).failure).toBe(expected);
  });

  it('have no HEAD', async () => {
    expect((await server.client.ask('HEAD', maps)).code).toBe(405);
  });

  it('come and go with their versions', async () => {
    const { resources } = server.api;
    const [version] = server.api.served.flatMap((one) => one.resources.filter(({ resource }) => resource.resource === 'secrets'));
    resources.uninstall(version as ResourceVersion);
    expect((await server.client.get('/api/v1/secrets')).failure).toBe(nowhere);
    resources.install(version as ResourceVersion);
    expect((await server.client.get('/api/v1/secrets')).code).toBe(200);
  });

  it('warn of what is deprecated', async () => {
    expect((await server.client.get('/api/v1/serviceaccounts')).headers.warning).toBe('299 - "v1 ServiceAccount is old"');
  });

  it('are in each version those of its subresources, which warn of their own kinds', async () => {
    const post = async (version: string, subresource: string) => {
      const path = `/apis/apps/${version}/namespaces/a/controllerrevisions/x/${subresource}`;
      const answer = await server.client.post(path, { metadata: {} });
      return [answer.json<{ message: string }>().message, answer.headers.warning];
    };
    expect(await post('v1', 'eviction')).toEqual(['evicted', undefined]);
    expect(await post('v1', 'rollback')).toEqual(['the server could not find the requested resource', undefined]);
    expect(await post('v1beta2', 'eviction')).toEqual(['evicted', undefined]);
    expect(await post('v1beta2', 'rollback')).toEqual(['rolled back', '299 - "going back is old"']);
    const revision = await server.client.get('/apis/apps/v1beta2/namespaces/a/controllerrevisions/x');
    expect(revision.headers.warning).toBe('299 - "the revision is old"');
  });
});

describe('an action', () => {
  const path = '/api/v1/namespaces/a/serviceaccounts';
  const act = (name: string, what: string) => server.client.post(`${path}/${name}/token`, { metadata: {}, data: { do: what } });

  beforeAll(async () => {
    for (const name of ['one', 'two']) await server.client.post(path, { metadata: { name } });
  });

  it('answers with an object of its own kind', async () => {
    const answer = await act('one', 'label');
    expect([answer.code, answer.json()]).toEqual([
      201,
      { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a-one' }, data: { labels: '{"by":"admin"}' } },
    ]);
    expect((await server.client.get(`${path}/one`)).json().metadata.labels).toEqual({ by: 'admin' });
  });

  it('answers with a Status', async () => {
    expect((await act('one', 'status')).json()).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  });

  it('may delete its parent', async () => {
    expect((await act('two', 'delete')).code).toBe(201);
    expect((await server.client.get(`${path}/two`)).code).toBe(404);
  });

  it('fails as other requests do', async () => {
    expect((await act('one', 'fail')).failure).toBe('400 BadRequest: told to fail');
    expect((await act('none', 'look')).failure).toBe('404 NotFound: serviceaccounts "none" not found');
  });
});
