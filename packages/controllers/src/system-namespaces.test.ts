import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemNamespaces } from './system-namespaces.js';

afterEach(stopTestServers);

const names = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

describe('SystemNamespaces', () => {
  it('makes what is missing and leaves what is there', async () => {
    const { api, client } = await startTestServer();
    await client.post('/api/v1/namespaces', { metadata: { name: 'default', labels: { mine: 'yes' } } });
    const before = (await client.get('/api/v1/namespaces/default')).json();
    const controller = new SystemNamespaces(api.loopback, fail);
    await controller.start();
    await controller.stop();
    const { items } = (await client.get('/api/v1/namespaces')).json<{ items: { metadata: { name: string } }[] }>();
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
    expect((await client.get('/api/v1/namespaces/default')).json()).toEqual(before);
  });

  it('does not mind another replica that does the same', async () => {
    const first = await startTestServer();
    const second = await startTestServer({ backend: first.backend });
    const controllers = [first, second].map(({ api }) => new SystemNamespaces(api.loopback, fail));
    await Promise.all(controllers.map((controller) => controller.start()));
    for (const controller of controllers) await controller.stop();
    const { items } = (await first.client.get('/api/v1/namespaces')).json<{ items: unknown[] }>();
    expect(items).toHaveLength(names.length);
    first.client.close();
  });
});

function fail(error: unknown): void {
  throw error;
}
