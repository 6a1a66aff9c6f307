import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleGroups } from '../discovery/testing/sample-groups.js';
import { dispatch } from '../dispatch/dispatch.js';
import { PathLayer } from '../dispatch/path-layer.js';
import { type Answer, askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import type { ServedGroupVersion } from '../installed-api.js';
import { installOpenApi } from './install-openapi.js';
import { OpenApiCatalog } from './openapi-catalog.js';
import { groupVersionSource, serverSources } from './openapi-source.js';

const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const PROTOBUF_V3 = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const served = (group: string) => sampleGroups.find((one) => one.group === group) as ServedGroupVersion;

let catalog: OpenApiCatalog;
let port: number;

beforeEach(async () => {
  catalog = new OpenApiCatalog({ title: 'Kubernetes', version: '1.34' });
  for (const source of serverSources(['', 'apps'])) catalog.set(source);
  for (const group of ['', 'apps']) catalog.set(groupVersionSource(served(group)));
  const paths = new PathLayer();
  installOpenApi(paths, catalog);
  ({ port } = await startServer(dispatch([paths])));
});
afterEach(stopServers);

function ask(path: string, accept?: string, headers: Record<string, string> = {}): Promise<Answer> {
  return askHttp1(port, path, { headers: { ...(accept !== undefined && { accept }), ...headers } });
}

async function urlOf(key: string): Promise<string> {
  return JSON.parse((await ask('/openapi/v3')).text).paths[key].serverRelativeURL;
}

describe('OpenAPI v3', () => {
  it('has an index of documents, each with the hash of its content', async () => {
    const { paths } = JSON.parse((await ask('/openapi/v3')).text) as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toEqual([
      '.well-known/openid-configuration',
      'api',
      'api/v1',
      'apis',
      'apis/apps',
      'apis/apps/v1',
      'openid/v1/jwks',
      'version',
    ]);
    expect(paths['apis/apps/v1']?.serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
    expect((await ask('/openapi/v3/')).status).toBe(404);
  });

  it('has a document for a group', async () => {
    const schema = { schema: { $ref: `#/components/schemas/${META}.APIGroup` } };
    const document = JSON.parse((await ask('/openapi/v3/apis/apps')).text);
    expect({ ...document, components: Object.keys(document.components.schemas) }).toEqual({
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: '1.34' },
      paths: {
        '/apis/apps/': {
          get: {
            description: 'get information of a group',
            operationId: 'getAppsAPIGroup',
            tags: ['apps'],
            responses: {
              '200': {
                description: 'OK',
                content: { 'application/json': schema, 'application/vnd.kubernetes.protobuf': schema, 'application/yaml': schema },
              },
              '401': { description: 'Unauthorized' },
            },
          },
        },
      },
      components: [`${META}.APIGroup`, `${META}.GroupVersionForDiscovery`, `${META}.ServerAddressByClientCIDR`],
    });
    expect(document.components.securitySchemes).toEqual({
      BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' },
    });
  });

  it('defines every schema that a document refers to', async () => {
    for (const key of ['api/v1', 'apis/apps/v1', 'version']) {
      const { text } = await ask(`/openapi/v3/${key}`);
      const schemas = new Set(Object.keys(JSON.parse(text).components.schemas));
      const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
      expect(referred.filter((name) => !schemas.has(name as string))).toEqual([]);
      expect(schemas.size).toBeGreaterThan(0);
    }
  });

  it('lets clients keep what they ask for by its hash, and sends them on when it is another', async () => {
    const url = await urlOf('apis/apps');
    const kept = await ask(url);
    expect(kept.status).toBe(200);
    expect(kept.headers['cache-control']).toBe('public, immutable');
    expect(Date.parse(kept.headers.expires ?? '')).toBeGreaterThan(Date.now() + 360 * 24 * 3_600_000);
    const moved = await ask('/openapi/v3/apis/apps?hash=OLD');
    expect([moved.status, moved.headers.location]).toEqual([301, url]);
    const unnamed = await ask('/openapi/v3/apis/apps');
    expect(unnamed.headers['cache-control']).toBe('no-cache, private');
    expect(unnamed.headers.etag).toBe(kept.headers.etag);
    expect((await ask('/openapi/v3/apis/apps', undefined, { 'If-None-Match': kept.headers.etag ?? '' })).status).toBe(304);
  });

  it('answers in protobuf, and in no other form', async () => {
    const { status, headers, text } = await ask('/openapi/v3/apis/apps', PROTOBUF_V3);
    expect([status, headers['content-type']]).toEqual([200, 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf']);
    expect(text.startsWith('\x0a\x053.0.0\x12')).toBe(true);
    const refused = await ask('/openapi/v3/apis/apps', 'text/csv');
    expect([refused.status, refused.text]).toEqual([406, '']);
  });

  it('has no other documents', async () => {
    for (const [path, page] of [
      ['/openapi/v3/apis/nope', ''],
      ['/openapi/v3/apis/apps/', ''],
      ['/openapi/v2/', '404 page not found\n'],
      ['/openapi/v4', '404 page not found\n'],
    ] as const) {
      const { status, text } = await ask(path);
      expect([path, status, text]).toEqual([path, 404, page]);
    }
  });
});

describe('OpenAPI v2', () => {
  it('is one document of all', async () => {
    const { headers, text } = await ask('/openapi/v2');
    expect(headers['content-type']).toBe('application/json');
    const document = JSON.parse(text);
    expect(Object.keys(document)).toEqual(['swagger', 'info', 'paths', 'definitions', 'parameters', 'securityDefinitions', 'security']);
    expect(Object.keys(document.paths)).toEqual(Object.keys(document.paths).sort());
    expect(document.paths['/apis/apps/v1/deployments'].get.operationId).toBe('listAppsV1DeploymentForAllNamespaces');
    for (const part of ['definitions', 'parameters']) {
      const referred = [...text.matchAll(new RegExp(`"#/${part}/([^"]+)"`, 'g'))].map(([, name]) => name as string);
      expect(referred.filter((name) => !Object.hasOwn(document[part], name))).toEqual([]);
    }
  });

  it('changes with what is served', async () => {
    const { etag = '' } = (await ask('/openapi/v2')).headers;
    expect((await ask('/openapi/v2', undefined, { 'If-None-Match': etag })).status).toBe(304);
    catalog.set(groupVersionSource(served('authorization.k8s.io')));
    const grown = await ask('/openapi/v2', undefined, { 'If-None-Match': etag });
    expect(grown.status).toBe(200);
    expect(JSON.parse(grown.text).definitions['io.k8s.api.authorization.v1.SubjectAccessReview'].type).toBe('object');
    catalog.delete('apis/authorization.k8s.io/v1');
    expect((await ask('/openapi/v2')).headers.etag).toBe(etag);
  });

  it('answers any method, as documents have no other', async () => {
    const session = await openHttp2(port);
    expect((await askHttp2(session, '/openapi/v2', { method: 'FOO' })).status).toBe(200);
    session.destroy();
    expect((await askHttp1(port, '/openapi/v2', { method: 'POST' })).status).toBe(200);
  });

  it('has names of before, and the form each stands for', async () => {
    const typeOf = async (path: string, accept?: string) => (await ask(path, accept)).headers['content-type'];
    const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
    expect(await typeOf('/openapi/v2', PROTOBUF_V2)).toBe(protobuf);
    expect(await typeOf('/openapi/v2', `${PROTOBUF_V2};q=0.1,application/json`)).toBe('application/json');
    expect(await typeOf('/swagger-2.0.0.pb-v1')).toBe(protobuf);
    for (const path of ['/swagger.json', '/swagger-2.0.0.json', '/swaggerapi']) expect(await typeOf(path)).toBe('application/json');
    expect((await ask('/openapi/v2', 'text/csv')).status).toBe(406);
  });

  it('is compressed for those who take it so', async () => {
    const { headers } = await ask('/openapi/v2', undefined, { 'Accept-Encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect((await ask('/openapi/v2')).headers['content-encoding']).toBeUndefined();
  });
});
