import type { KubeObject, ManagedFieldsEntry } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const path = '/apis/apps/v1/namespaces/a/deployments';
const spec = { selector: {}, template: { metadata: {}, spec: { containers: [] } } };

/** Entries as `manager/operation/subresource`, with the fields they own. */
function owners({ metadata }: KubeObject): Record<string, unknown> {
  const entries = (metadata.managedFields ?? []) as ManagedFieldsEntry[];
  return Object.fromEntries(
    entries.map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, ...(subresource ? [subresource] : [])].join('/'),
      fieldsV1,
    ]),
  );
}

async function create(name: string): Promise<string> {
  await server.client.post(`${path}?fieldManager=maker`, { metadata: { name, labels: { a: 'b' } }, spec });
  return `${path}/${name}`;
}

describe('fields', () => {
  it('belong to who writes them, and defaults to who made the object', async () => {
    const one = await create('one');
    expect(owners((await server.client.get(one)).json())).toEqual({
      'maker/Update': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:spec': expect.objectContaining({ 'f:replicas': {}, 'f:selector': {} }),
      },
    });
  });

  it('move to who changes them', async () => {
    const two = await create('two');
    const answer = await server.client.patch(`${two}?fieldManager=other`, 'merge-patch+json', { spec: { replicas: 3 } });
    const { 'maker/Update': maker, 'other/Update': other } = owners(answer.json());
    expect(other).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(maker).not.toMatchObject({ 'f:spec': { 'f:replicas': {} } });
  });

  it('of the status are written through it alone', async () => {
    const three = await create('three');
    const body = { metadata: { name: 'three' }, spec: { ...spec, replicas: 9 }, status: { replicas: 2 } };
    const answer = await server.client.put(`${three}/status?fieldManager=controller`, body);
    expect(owners(answer.json())['controller/Update/status']).toMatchObject({ 'f:status': { 'f:replicas': {} } });
    expect(owners(answer.json())['controller/Update/status']).not.toHaveProperty('f:spec');
    const again = await server.client.put(`${three}?fieldManager=maker`, { ...body, status: { replicas: 5 } });
    expect(owners(again.json())['maker/Update']).not.toHaveProperty('f:status');
  });

  it('are of nobody when the client says so', async () => {
    const four = await create('four');
    const answer = await server.client.patch(four, 'merge-patch+json', { metadata: { managedFields: [{}] } });
    expect(answer.json().metadata).not.toHaveProperty('managedFields');
  });
});
