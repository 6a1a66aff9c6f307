import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dispatch } from '../dispatch/dispatch.js';
import { PathLayer } from '../dispatch/path-layer.js';
import { type Answer, askHttp1 } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import { DiscoveryCatalog, discoveredGroupVersion } from './discovery-catalog.js';
import { DiscoveryLayer } from './discovery-layer.js';
import { sampleGroups } from './testing/sample-groups.js';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

let catalog: DiscoveryCatalog;
let port: number;

beforeEach(async () => {
  catalog = new DiscoveryCatalog();
  for (const one of sampleGroups) catalog.set(discoveredGroupVersion(one));
  const paths = new PathLayer();
  paths.handle('/version', () => undefined);
  const layer = new DiscoveryLayer({ catalog, serverAddress: () => '10.1.2.3:6443', otherPaths: () => paths.paths });
  ({ port } = await startServer(dispatch([layer, paths])));
});
afterEach(stopServers);

function ask(path: string, accept?: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return askHttp1(port, path, { method, headers: { ...(accept !== undefined && { accept }), ...headers } });
}

describe('plain discovery', () => {
  it('tells where the API is, without an apiVersion', async () => {
    const { text, headers } = await ask('/api');
    expect(headers['content-type']).toBe('application/json');
    expect(text).toBe(
      '{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":"10.1.2.3:6443"}]}\n',
    );
    expect((await ask('/api/')).text).toBe(text);
  });

  it('lists groups by priority, each with its preferred version', async () => {
    const group = (name: string, ...versions: string[]) => ({
      name,
      versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
      preferredVersion: { groupVersion: `${name}/${versions[0]}`, version: versions[0] },
    });
    const autoscaling = group('autoscaling', 'v2', 'v1');
    expect(JSON.parse((await ask('/apis')).text)).toEqual({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [group('apps', 'v1'), group('authorization.k8s.io', 'v1'), autoscaling],
    });
    const expected = { kind: 'APIGroup', apiVersion: 'v1', ...autoscaling };
    for (const path of ['/apis/autoscaling', '/apis/autoscaling/']) expect(JSON.parse((await ask(path)).text)).toEqual(expected);
  });

  it('lists resources and their subresources', async () => {
    const part = { singularName: '', namespaced: true, verbs: ['get', 'patch', 'update'] };
    expect(JSON.parse((await ask('/apis/apps/v1')).text)).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'apps/v1',
      resources: [
        {
          name: 'deployments',
          singularName: 'deployment',
          namespaced: true,
          kind: 'Deployment',
          verbs: ALL,
          shortNames: ['deploy'],
          categories: ['all'],
          storageVersionHash: '8aSe+NMegvE=',
        },
        { ...part, name: 'deployments/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
        { ...part, name: 'deployments/status', kind: 'Deployment' },
      ],
    });
  });

  it('hashes the version that is stored, and none where nothing is', async () => {
    const hashes = async (path: string) =>
      (JSON.parse((await ask(path)).text).resources as { storageVersionHash?: string }[]).map(
        ({ storageVersionHash }) => storageVersionHash,
      );
    expect(await hashes('/apis/autoscaling/v1')).toEqual(['qwQve8ut294=']);
    expect(await hashes('/apis/autoscaling/v2')).toEqual(['qwQve8ut294=']);
    expect(await hashes('/apis/authorization.k8s.io/v1')).toEqual([undefined]);
  });

  it('tells how subresources of the core group are used', async () => {
    const { apiVersion, resources } = JSON.parse((await ask('/api/v1/')).text);
    expect(apiVersion).toBeUndefined();
    const told = (resources as { name: string; kind: string; group?: string; verbs: string[] }[]).map(
      ({ name, kind, group = '', verbs }) => `${name} ${group}/${kind} ${verbs.join()}`,
    );
    expect(told).toEqual([
      'namespaces /Namespace create,delete,get,list,patch,update,watch',
      `pods /Pod ${ALL.join()}`,
      'pods/eviction policy/Eviction create',
      'pods/exec /PodExecOptions create,get',
      'pods/log /Pod get',
      'pods/proxy /PodProxyOptions create,delete,get,patch,update',
      'pods/status /Pod get,patch,update',
    ]);
  });

  it('answers in YAML and protobuf, and refuses other forms', async () => {
    expect((await ask('/apis/autoscaling', 'application/yaml')).text).toBe(
      [
        'apiVersion: v1',
        'kind: APIGroup',
        'name: autoscaling',
        'preferredVersion:',
        '  groupVersion: autoscaling/v2',
        '  version: v2',
        'versions:',
        '- groupVersion: autoscaling/v2',
        '  version: v2',
        '- groupVersion: autoscaling/v1',
        '  version: v1',
        '',
      ].join('\n'),
    );
    const protobuf = await ask('/api', 'application/vnd.kubernetes.protobuf');
    expect(protobuf.headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
    // The envelope's apiVersion is empty, as that of the document.
    const addresses = '\x12\x1a\x0a\x090.0.0.0/0\x12\x0d10.1.2.3:6443';
    expect(protobuf.text).toBe(`k8s\0\x0a\x0f\x0a\0\x12\x0bAPIVersions\x12 \x0a\x02v1${addresses}\x1a\0"\0`);
    const refused = await ask('/apis', 'text/csv');
    expect(refused.status).toBe(406);
    expect(JSON.parse(refused.text).message).toBe(
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
  });

  it('has nothing but GET', async () => {
    expect((await ask('/apis/apps/v1', undefined, {}, 'POST')).status).toBe(405);
    expect((await ask('/api', undefined, {}, 'DELETE')).status).toBe(405);
  });
});

describe('aggregated discovery', () => {
  const core = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: [
      {
        metadata: {},
        versions: [
          {
            version: 'v1',
            resources: [
              {
                resource: 'namespaces',
                responseKind: { group: '', version: '', kind: 'Namespace' },
                scope: 'Cluster',
                singularResource: 'namespace',
                verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
                shortNames: ['ns'],
              },
              {
                resource: 'pods',
                responseKind: { group: '', version: '', kind: 'Pod' },
                scope: 'Namespaced',
                singularResource: 'pod',
                verbs: ALL,
                shortNames: ['po'],
                categories: ['all'],
                subresources: [
                  { subresource: 'eviction', responseKind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] },
                  { subresource: 'exec', responseKind: { group: '', version: '', kind: 'PodExecOptions' }, verbs: ['create', 'get'] },
                  { subresource: 'log', responseKind: { group: '', version: '', kind: 'Pod' }, verbs: ['get'] },
                  {
                    subresource: 'proxy',
                    responseKind: { group: '', version: '', kind: 'PodProxyOptions' },
                    verbs: ['create', 'delete', 'get', 'patch', 'update'],
                  },
                  { subresource: 'status', responseKind: { group: '', version: '', kind: 'Pod' }, verbs: ['get', 'patch', 'update'] },
                ],
              },
            ],
            freshness: 'Current',
          },
        ],
      },
    ],
  };

  it('tells everything at once, to be kept', async () => {
    const { text, headers } = await ask('/api', AGGREGATED);
    expect(headers).toMatchObject({ 'content-type': AGGREGATED, 'cache-control': 'public' });
    expect(headers.vary).toContain('Accept');
    expect(JSON.parse(text)).toEqual(core);
    const groups = JSON.parse((await ask('/apis', AGGREGATED)).text).items as { metadata: { name: string } }[];
    expect(groups.map(({ metadata }) => metadata.name)).toEqual(['apps', 'authorization.k8s.io', 'autoscaling']);
  });

  it('answers 304 to a client that has it, until something changes', async () => {
    const { etag = '' } = (await ask('/apis', AGGREGATED)).headers;
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    const again = await ask('/apis', AGGREGATED, { 'If-None-Match': etag });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    expect((await ask('/apis', AGGREGATED, { 'If-None-Match': '"nope"' })).status).toBe(200);
    catalog.delete({ group: 'apps', version: 'v1' });
    const changed = await ask('/apis', AGGREGATED, { 'If-None-Match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
    expect((await ask('/apis/apps/v1')).status).toBe(404);
  });

  it('gives the form a client likes best', async () => {
    const typeOf = async (accept: string) => (await ask('/apis', accept)).headers['content-type'];
    const beta = AGGREGATED.replace('v=v2', 'v=v2beta1');
    expect(await typeOf(`${AGGREGATED},${beta},application/json`)).toBe(AGGREGATED);
    expect(await typeOf(`${beta},application/json`)).toBe('application/json');
    expect(await typeOf(`${AGGREGATED.replace('v=v2', 'v=v3')},application/json`)).toBe('application/json');
    expect(await typeOf(`${AGGREGATED};q=0.5,application/json`)).toBe('application/json');
    expect(await typeOf(AGGREGATED.replace('json', 'vnd.kubernetes.protobuf'))).toBe(AGGREGATED.replace('json', 'vnd.kubernetes.protobuf'));
    expect((await ask('/apis', AGGREGATED.replace('v=v2', 'v=v3'))).status).toBe(406);
    expect(await typeOf('*/*')).toBe('application/json');
  });

  it('has an older form where it is told to', async () => {
    const layer = new DiscoveryLayer({ catalog, serverAddress: () => '', otherPaths: () => [], servesBeta: true });
    ({ port } = await startServer(dispatch([layer, new PathLayer()])));
    const beta = AGGREGATED.replace('v=v2', 'v=v2beta1');
    const { text, headers } = await ask('/apis', `${beta},application/json`);
    expect([headers['content-type'], JSON.parse(text).apiVersion]).toEqual([beta, 'apidiscovery.k8s.io/v2beta1']);
  });

  it('says which version is stale', async () => {
    const entry = { group: 'metrics.k8s.io', version: 'v1beta1', groupPriority: 100, versionPriority: 100, resources: [] };
    catalog.set({ ...entry, freshness: 'Stale' });
    const items = JSON.parse((await ask('/apis', AGGREGATED)).text).items;
    expect(items.at(-1)).toEqual({
      metadata: { name: 'metrics.k8s.io' },
      versions: [{ version: 'v1beta1', resources: [], freshness: 'Stale' }],
    });
  });
});

describe('paths', () => {
  it('are listed', async () => {
    const { paths } = JSON.parse((await ask('/')).text);
    expect(paths).toEqual([
      '/api',
      '/api/v1',
      '/apis',
      '/apis/',
      '/apis/apps',
      '/apis/apps/v1',
      '/apis/authorization.k8s.io',
      '/apis/authorization.k8s.io/v1',
      '/apis/autoscaling',
      '/apis/autoscaling/v1',
      '/apis/autoscaling/v2',
      '/version',
    ]);
  });

  it('below a group that is served lack a resource, others lack a page', async () => {
    for (const path of ['/api/v2', '/api/v1/nodes', '/apis/apps/v2', '/apis/apps/v1/replicasets']) {
      const { status, text } = await ask(path);
      expect([path, status]).toEqual([path, 404]);
      expect(JSON.parse(text)).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'the server could not find the requested resource',
        reason: 'NotFound',
        details: {},
        code: 404,
      });
    }
    for (const path of ['/apis/example.com', '/apis/example.com/v1/things', '/apix', '/metrics/nope']) {
      const { status, text, headers } = await ask(path);
      expect([path, status, text]).toEqual([path, 404, '404 page not found\n']);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
