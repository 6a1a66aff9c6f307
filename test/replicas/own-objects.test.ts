import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRevisions } from '../golden/etcd-gateway.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

let first: RunningKeelson;
beforeAll(async () => {
  first = await startApiServer({ backend: 'etcd' });
});
afterAll(() => first?.stop());

const url = () => first.etcd?.url ?? '';

/** What is stored, but for what tells of the replicas: their leases, and the endpoints with their ports. */
async function stored(): Promise<Record<string, string>> {
  const revisions = await readRevisions({ url: url() }, '/registry/');
  return Object.fromEntries(Object.entries(revisions).filter(([key]) => !/^\/registry\/(masterleases|.*endpoint)/.test(key)));
}

/** Of the bootstrap policy, which has tests of its own. */
const isPolicy = (key: string) => /^\/registry\/(cluster)?role(binding)?s\//.test(key);

it('makes the objects that every cluster has', async () => {
  const keys = Object.keys(await stored());
  expect(keys.filter(isPolicy).length).toBeGreaterThan(100);
  expect(keys.filter((key) => !isPolicy(key))).toEqual([
    '/registry/ipaddresses/10.0.0.1',
    '/registry/namespaces/default',
    '/registry/namespaces/kube-node-lease',
    '/registry/namespaces/kube-public',
    '/registry/namespaces/kube-system',
    '/registry/priorityclasses/system-cluster-critical',
    '/registry/priorityclasses/system-node-critical',
    '/registry/ranges/servicenodeports',
    '/registry/servicecidrs/kubernetes',
    '/registry/services/specs/default/kubernetes',
  ]);
});

it('changes none of them when another replica starts', async () => {
  const before = await stored();
  const second = await startApiServer({ backend: 'etcd', etcdUrl: url() });
  try {
    expect(await stored()).toEqual(before);
  } finally {
    await second.stop();
  }
  expect(await stored()).toEqual(before);
});
