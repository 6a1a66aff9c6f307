import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRevisions } from '../golden/etcd-gateway.js';
import { httpsGet } from '../support/https-get.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.js';

const etcdDir = await mkdtemp(join(tmpdir(), 'own-objects-'));
let etcd: RunningEtcd;
let replicas: RunningKeelson[] = [];

const startReplica = () => startApiServer({ backend: 'etcd', etcdUrl: etcd.url });

beforeAll(async () => {
  etcd = await startEtcd(etcdDir);
  replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await etcd?.stop();
  await rm(etcdDir, { recursive: true, force: true });
});

/** What is stored, but for what tells of the replicas: their leases, their authorities, and the endpoints with their ports. */
async function stored(): Promise<Record<string, string>> {
  const revisions = await readRevisions(etcd, '/registry/');
  return Object.fromEntries(
    Object.entries(revisions).filter(
      ([key]) => !/^\/registry\/(masterleases|leases\/kube-system|configmaps\/kube-system|endpointslices|services\/endpoints)\//.test(key),
    ),
  );
}

/** What can be seen of the many objects of one kind. */
const counted =
  /^\/registry\/(apiregistration\.k8s\.io\/apiservices|clusterrolebindings|clusterroles|flowschemas|prioritylevelconfigurations|rolebindings|roles)\//;

it('makes the objects that every cluster has, however many replicas start at once', async () => {
  const keys = Object.keys(await stored());
  expect(keys.filter((key) => !counted.test(key))).toEqual([
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
  const counts: Record<string, number> = {};
  for (const key of keys) {
    const kind = counted.exec(key)?.[1];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  expect(counts).toEqual({
    'apiregistration.k8s.io/apiservices': 21,
    clusterrolebindings: 50,
    clusterroles: 69,
    flowschemas: 11,
    prioritylevelconfigurations: 8,
    rolebindings: 7,
    roles: 7,
  });
});

it('meets no error in doing so', async () => {
  for (const { dir } of replicas) {
    const log = await readFile(join(dir, 'apiserver.log'), 'utf8');
    expect(log.split('\n').filter((line) => /^E\d{4} |a controller/.test(line))).toEqual([]);
  }
});

it('lists the steps of the start among the checks of its health, in the order of kube-apiserver', async () => {
  const [{ url, ca, adminToken } = { url: '', ca: '', adminToken: '' }] = replicas;
  const answer = await httpsGet(`${url}/healthz?verbose`, ca, adminToken);
  expect(answer?.text.split('\n').filter((line) => line.includes('poststarthook/'))).toEqual([
    '[+]poststarthook/start-apiserver-admission-initializer ok',
    '[+]poststarthook/generic-apiserver-start-informers ok',
    '[+]poststarthook/priority-and-fairness-config-consumer ok',
    '[+]poststarthook/priority-and-fairness-filter ok',
    '[+]poststarthook/storage-object-count-tracker-hook ok',
    '[+]poststarthook/start-apiextensions-informers ok',
    '[+]poststarthook/start-apiextensions-controllers ok',
    '[+]poststarthook/crd-informer-synced ok',
    '[+]poststarthook/start-system-namespaces-controller ok',
    '[+]poststarthook/start-cluster-authentication-info-controller ok',
    '[+]poststarthook/start-kube-apiserver-identity-lease-controller ok',
    '[+]poststarthook/start-kube-apiserver-identity-lease-garbage-collector ok',
    '[+]poststarthook/start-legacy-token-tracking-controller ok',
    '[+]poststarthook/start-service-ip-repair-controllers ok',
    '[+]poststarthook/rbac/bootstrap-roles ok',
    '[+]poststarthook/scheduling/bootstrap-system-priority-classes ok',
    '[+]poststarthook/priority-and-fairness-config-producer ok',
    '[+]poststarthook/bootstrap-controller ok',
    '[+]poststarthook/start-kubernetes-service-cidr-controller ok',
    '[+]poststarthook/aggregator-reload-proxy-client-cert ok',
    '[+]poststarthook/start-kube-aggregator-informers ok',
    '[+]poststarthook/apiservice-status-local-available-controller ok',
    '[+]poststarthook/apiservice-status-remote-available-controller ok',
    '[+]poststarthook/apiservice-registration-controller ok',
    '[+]poststarthook/apiservice-wait-for-first-sync ok',
    '[+]poststarthook/apiservice-discovery-controller ok',
    '[+]poststarthook/kube-apiserver-autoregistration ok',
    '[+]poststarthook/apiservice-openapi-controller ok',
    '[+]poststarthook/apiservice-openapiv3-controller ok',
  ]);
});

it('changes none of them when another replica starts', async () => {
  const before = await stored();
  const another = await startReplica();
  try {
    expect(await stored()).toEqual(before);
  } finally {
    await another.stop();
  }
  expect(await stored()).toEqual(before);
});
