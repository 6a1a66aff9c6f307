import type { Json } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApiServer } from './testing/test-api-server.js';

const tokens = [
  'admin,admin,admin-uid,"system:masters"',
  'alice,alice,alice-uid',
  'node,system:node:n1,node-uid,"system:nodes"',
  'scheduler,system:kube-scheduler,scheduler-uid',
].join('\n');
const files = { 'tokens.csv': `${tokens}\n` };
const root = '/apis/flowcontrol.apiserver.k8s.io/v1';
const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x';

let server: TestApiServer;
beforeAll(async () => {
  server = await TestApiServer.start([], files);
});
afterAll(() => server.stop());

const ask = (path: string, user = 'admin', method = 'GET', body?: object) =>
  server.ask(path, { method, headers: { authorization: `Bearer ${user}` }, ...(body && { body: body as Json }) });

async function nameOf(resource: string, uid: unknown): Promise<string | undefined> {
  const { body } = await ask(`${root}/${resource}`);
  const { items } = body as unknown as { items: { metadata: { name: string; uid: string } }[] };
  return items.find(({ metadata }) => metadata.uid === uid)?.metadata.name;
}

/** Schema and level that have taken a request. */
async function taker(path: string, user: string): Promise<(string | undefined)[]> {
  const { headers } = await ask(path, user);
  return Promise.all([
    nameOf('flowschemas', headers['x-kubernetes-pf-flowschema-uid']),
    nameOf('prioritylevelconfigurations', headers['x-kubernetes-pf-prioritylevel-uid']),
  ]);
}

describe('flow control', () => {
  it('shows schemas in the order in which they are tried', async () => {
    const headers = { authorization: 'Bearer admin', accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
    const { body } = await server.ask(`${root}/flowschemas`, { headers });
    const { rows } = body as unknown as { rows: { cells: [name: string, level: string, precedence: number] }[] };
    expect(rows.map(({ cells }) => `${cells[2]} ${cells[0]}`)).toEqual([
      '1 exempt',
      '2 probes',
      '100 system-leader-election',
      '400 system-node-high',
      '500 system-nodes',
      '800 kube-controller-manager',
      '800 kube-scheduler',
      '900 kube-system-service-accounts',
      '9000 service-accounts',
      '9900 global-default',
      '10000 catch-all',
    ]);
  });

  it.each([
    ['/api/v1/pods', 'admin', 'exempt', 'exempt'],
    ['/healthz', 'alice', 'probes', 'exempt'],
    ['/version', 'alice', 'global-default', 'global-default'],
    ['/api/v1/pods', 'alice', 'global-default', 'global-default'],
    ['/api/v1/nodes/n1', 'node', 'system-node-high', 'node-high'],
    ['/api/v1/pods', 'node', 'system-nodes', 'system'],
    [lease, 'scheduler', 'system-leader-election', 'leader-election'],
    ['/api/v1/pods', 'scheduler', 'kube-scheduler', 'workload-high'],
  ])('takes %s of %s by the schemas that every cluster has', async (path, user, schema, level) => {
    expect(await taker(path, user)).toEqual([schema, level]);
  });

  it('follows what operators write, and tells in the status of schemas whether they lead anywhere', async () => {
    const conditions = async () => {
      const { body } = await ask(`${root}/flowschemas/mine`);
      return ((body as unknown as flowcontrol.v1.FlowSchema).status?.conditions ?? []).map(({ type, status }) => `${type} ${status}`);
    };
    const rules = [
      {
        subjects: [{ kind: 'User', user: { name: 'alice' } }],
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }],
      },
    ];
    const spec = { priorityLevelConfiguration: { name: 'own' }, matchingPrecedence: 50, rules };
    expect((await ask(`${root}/flowschemas`, 'admin', 'POST', { metadata: { name: 'mine' }, spec })).code).toBe(201);
    await expect.poll(conditions).toEqual(['Dangling True']);
    expect(await taker('/version', 'alice')).toEqual(['global-default', 'global-default']);
    const level = { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } };
    expect((await ask(`${root}/prioritylevelconfigurations`, 'admin', 'POST', { metadata: { name: 'own' }, spec: level })).code).toBe(201);
    await expect.poll(conditions).toEqual(['Dangling False']);
    expect(await taker('/version', 'alice')).toEqual(['mine', 'own']);
    await ask(`${root}/flowschemas/mine`, 'admin', 'DELETE');
    await expect.poll(() => taker('/version', 'alice')).toEqual(['global-default', 'global-default']);
  });
});
