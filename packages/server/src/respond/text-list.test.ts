import { yamlToJson } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const path = '/api/v1/namespaces/a/configmaps';

describe('lists as text', () => {
  it.each(['?pretty=1', '?pretty=true&limit=0'])('are indented as one document: %s', async (query) => {
    expect((await server.client.get(path + query)).text).toBe(`${JSON.stringify((await server.client.get(path)).json(), null, 2)}\n`);
  });

  it('are YAML as one document, with sorted keys', async () => {
    const yaml = await server.client.get(path, { accept: 'application/yaml' });
    expect(yaml.headers['content-type']).toBe('application/yaml');
    expect(yaml.text).toMatch(/^apiVersion: v1\nitems: \[\]\nkind: ConfigMapList\nmetadata:\n {2}resourceVersion: "\d+"\n$/);
  });

  it('have every item in its place', async () => {
    const data = { text: 'first\n\n  second: -\n', list: '- a\n- b' };
    for (const name of ['one', 'two']) await server.client.post(path, { metadata: { name }, data });
    const plain = (await server.client.get(path)).json();
    const indented = await server.client.get(`${path}?pretty=1`);
    expect(indented.text).toBe(`${JSON.stringify(plain, null, 2)}\n`);
    const yaml = await server.client.get(path, { accept: 'application/yaml' });
    expect(yamlToJson(yaml.text).value).toEqual(plain);
  });

  it('are the same for tables', async () => {
    const secrets = '/api/v1/namespaces/a/secrets';
    for (const name of ['one', 'two']) await server.client.post(secrets, { metadata: { name } });
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const plain = (await server.client.get(secrets, { accept })).json();
    expect((await server.client.get(`${secrets}?pretty=1`, { accept })).text).toBe(`${JSON.stringify(plain, null, 2)}\n`);
    const yaml = await server.client.get(secrets, { accept: 'application/yaml;as=Table;g=meta.k8s.io;v=v1' });
    expect(yamlToJson(yaml.text).value).toEqual(plain);
  });

  it('stay protobuf where pretty protobuf is asked for', async () => {
    const answer = await server.client.get(`${path}?pretty=1`, { accept: 'application/vnd.kubernetes.protobuf;pretty=1' });
    expect(answer.headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
    expect(answer.bytes.subarray(0, 4).toString('latin1')).toBe('k8s\0');
  });
});
