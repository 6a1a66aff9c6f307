import { type AdmissionPlugin, badRequest, type KubeObject, type ListMeta } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

interface List {
  readonly kind: string;
  readonly metadata: ListMeta;
  readonly items: KubeObject[];
}

let judged = 0;
const guard: AdmissionPlugin = {
  name: 'Guard',
  handles: (operation) => operation === 'DELETE',
  validate({ oldObject }) {
    judged++;
    if (oldObject?.metadata.labels?.guarded !== undefined) throw badRequest(`${oldObject.metadata.name} is guarded`);
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ admissionPlugins: [guard] });
});
afterAll(stopTestServers);

async function fill(namespace: string, count: number, more: (at: number) => object = () => ({})): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  for (let at = 0; at < count; at++) {
    const labels = { parity: at % 2 === 0 ? 'even' : 'odd' };
    await server.client.post(path, { metadata: { name: `m-${String(at).padStart(2, '0')}`, labels, ...more(at) } });
  }
  return path;
}

async function names(path: string): Promise<string[]> {
  return (await server.client.get(path)).json<List>().items.map(({ metadata }) => metadata.name ?? '');
}

describe('delete of a collection', () => {
  it('removes every object of the namespace, and answers with them', async () => {
    const path = await fill('all', 25);
    const other = await fill('other', 1);
    const before = (await server.client.get(path)).json<List>();
    const answer = await server.client.delete(path);
    expect(answer.code).toBe(200);
    expect(answer.json<List>()).toEqual(before);
    expect(await names(path)).toEqual([]);
    expect(await names(other)).toEqual(['m-00']);
  });

  it('removes what is selected', async () => {
    const path = await fill('selected', 6);
    await server.client.delete(`${path}?labelSelector=parity%3Deven`);
    expect(await names(path)).toEqual(['m-01', 'm-03', 'm-05']);
    await server.client.delete(`${path}?fieldSelector=metadata.name%3Dm-03`);
    expect(await names(path)).toEqual(['m-01', 'm-05']);
  });

  it('marks what is held', async () => {
    const path = await fill('held', 3, (at) => (at === 1 ? { finalizers: ['example.com/hold'] } : {}));
    await server.client.delete(path);
    expect(await names(path)).toEqual(['m-01']);
    expect((await server.client.get(`${path}/m-01`)).json().metadata.deletionTimestamp).toBeDefined();
  });

  it('removes nothing on a dry run', async () => {
    const path = await fill('dry', 3);
    expect((await server.client.delete(path, { dryRun: ['All'] })).json<List>().items).toHaveLength(3);
    expect(await names(path)).toHaveLength(3);
  });

  it('stops at the first failure, and goes on behind nobody’s back', async () => {
    const path = await fill('guarded', 40, () => ({ labels: { guarded: '' } }));
    judged = 0;
    const answer = await server.client.delete(path);
    expect(answer.failure).toMatch(/^400 BadRequest: m-0\d is guarded$/);
    const judgedByThen = judged;
    expect(judgedByThen).toBeLessThanOrEqual(16);
    expect(await names(path)).toHaveLength(40);
    expect(judged).toBe(judgedByThen);
  });

  it('does not mind what somebody else deletes meanwhile', async () => {
    const path = await fill('raced', 30);
    const answers = await Promise.all([server.client.delete(path), server.client.delete(path), server.client.delete(`${path}/m-29`)]);
    expect(answers.slice(0, 2).map(({ code }) => code)).toEqual([200, 200]);
    expect(await names(path)).toEqual([]);
  });

  it('is not there across namespaces, nor where its resource says so', async () => {
    expect((await server.client.delete('/api/v1/configmaps')).code).toBe(405);
    expect((await server.client.delete('/api/v1/namespaces')).code).toBe(405);
  });
});
