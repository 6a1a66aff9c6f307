import { defaultFeatures, type KubeObject } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { BootstrapRoles } from './bootstrap-roles.js';
import { fail, startBuiltInServer, storedRevisions } from './testing/built-in-server.js';

afterEach(stopTestServers);

const rbacPath = '/apis/rbac.authorization.k8s.io/v1';
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };

async function bootstrap({ api }: TestServer): Promise<void> {
  const roles = new BootstrapRoles(api.loopback, defaultFeatures, log, fail);
  await roles.start();
  await roles.stop();
}

async function read<T = KubeObject>({ client }: TestServer, path: string): Promise<T> {
  return (await client.get(`${rbacPath}/${path}`)).json<T>();
}

/** Changes an object as an administrator might. */
async function change({ client }: TestServer, path: string, patch: object): Promise<void> {
  const { code } = await client.patch(`${rbacPath}/${path}`, 'merge-patch+json', patch);
  expect(code).toBe(200);
}

const withAutoUpdate = (value: string) => ({ metadata: { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': value } } });
const pods = (...verbs: string[]) => ({ verbs, apiGroups: [''], resources: ['pods'] });
const user = (name: string) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });

describe('on an empty store', () => {
  it('makes a role as kube-apiserver does', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    expect(await read(server, 'clusterroles/edit')).toEqual({
      kind: 'ClusterRole',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: {
        name: 'edit',
        uid: expect.any(String),
        resourceVersion: expect.any(String),
        creationTimestamp: expect.any(String),
        labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' },
        annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
        managedFields: [expect.objectContaining({ manager: 'kube-apiserver', operation: 'Update' })],
      },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } }] },
      rules: null,
    });
    expect(await read(server, 'namespaces/kube-public/roles/system:controller:bootstrap-signer')).toMatchObject({
      rules: [
        { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['configmaps'] },
        { verbs: ['update'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-info'] },
        { verbs: ['create', 'patch', 'update'], apiGroups: ['', 'events.k8s.io'], resources: ['events'] },
      ],
    });
  });

  it('makes all of them once, however many replicas start', async () => {
    const first = await startBuiltInServer();
    const others = [await startBuiltInServer(first.backend), await startBuiltInServer(first.backend)];
    await Promise.all([first, ...others].map(bootstrap));
    const before = await storedRevisions(first);
    const counts = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'namespaces'].map(
      (key) => Object.keys(before).filter((path) => path.startsWith(`/registry/${key}/`)).length,
    );
    expect(counts).toEqual([69, 50, 7, 7, 2]);
    await bootstrap(await startBuiltInServer(first.backend));
    expect(await storedRevisions(first)).toEqual(before);
  });
});

describe('an object that is there', () => {
  it('gets back the rules, labels and annotations it lost, and keeps what it has beside them', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    const path = 'clusterroles/system:controller:pod-garbage-collector';
    await change(server, path, {
      metadata: { labels: { 'kubernetes.io/bootstrapping': null, mine: 'yes' }, annotations: null },
      rules: [pods('list', 'impersonate')],
    });
    await bootstrap(server);
    const { metadata, rules } = await read<rbac.v1.ClusterRole>(server, path);
    expect(metadata.labels).toEqual({ 'kubernetes.io/bootstrapping': 'rbac-defaults', mine: 'yes' });
    expect(metadata.annotations).toEqual({ 'rbac.authorization.kubernetes.io/autoupdate': 'true' });
    expect(rules).toEqual([
      pods('list', 'impersonate'),
      pods('delete'),
      pods('watch'),
      { verbs: ['get'], apiGroups: [''], resources: ['nodes'] },
      { verbs: ['list'], apiGroups: [''], resources: ['nodes'] },
      { verbs: ['watch'], apiGroups: [''], resources: ['nodes'] },
      { verbs: ['patch'], apiGroups: [''], resources: ['pods/status'] },
    ]);
  });

  it('is not written when its rules allow as much in other words', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    await change(server, 'clusterroles/system:kube-dns', { rules: [{ verbs: ['*'], apiGroups: [''], resources: ['*'] }] });
    const before = await storedRevisions(server);
    await bootstrap(server);
    expect(await storedRevisions(server)).toEqual(before);
  });

  it('gets back its aggregation selectors, and loses those of a role that has rules of its own', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    const mine = { clusterRoleSelectors: [{ matchLabels: { mine: 'yes' } }] };
    await change(server, 'clusterroles/view', { aggregationRule: mine });
    await change(server, 'clusterroles/system:kube-dns', { aggregationRule: mine });
    await bootstrap(server);
    expect((await read<rbac.v1.ClusterRole>(server, 'clusterroles/view')).aggregationRule?.clusterRoleSelectors).toEqual([
      { matchLabels: { mine: 'yes' } },
      { matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    ]);
    expect(await read(server, 'clusterroles/system:kube-dns')).not.toHaveProperty('aggregationRule');
  });

  it('gets back subjects of a binding, which keeps others', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    const path = 'namespaces/kube-system/rolebindings/system::leader-locking-kube-scheduler';
    await change(server, path, { subjects: [user('mine'), user('system:kube-scheduler')] });
    await bootstrap(server);
    expect((await read<rbac.v1.RoleBinding>(server, path)).subjects).toEqual([
      user('mine'),
      user('system:kube-scheduler'),
      { kind: 'ServiceAccount', name: 'kube-scheduler', namespace: 'kube-system' },
    ]);
  });

  it('is made anew when it binds another role', async () => {
    const server = await startBuiltInServer();
    const path = 'clusterrolebindings/system:monitoring';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const made = await server.client.post(`${rbacPath}/clusterrolebindings`, {
      metadata: { name: 'system:monitoring' },
      roleRef,
      subjects: [user('mine')],
    });
    await bootstrap(server);
    const { metadata, ...binding } = await read<rbac.v1.ClusterRoleBinding>(server, path);
    expect(metadata.uid).not.toBe(made.json().metadata.uid);
    expect(binding).toMatchObject({
      roleRef: { ...roleRef, name: 'system:monitoring' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:monitoring' }],
    });
  });

  it('stays as it is when it is protected, and the log tells of it', async () => {
    const server = await startBuiltInServer();
    await bootstrap(server);
    await change(server, 'clusterroles/system:discovery', { ...withAutoUpdate('false'), rules: [] });
    await change(server, 'clusterrolebindings/system:discovery', { ...withAutoUpdate('false'), subjects: [] });
    const before = await storedRevisions(server);
    const warned: unknown[] = [];
    const roles = new BootstrapRoles(
      server.api.loopback,
      defaultFeatures,
      { ...log, warn: (_message, fields) => warned.push(fields) },
      fail,
    );
    await roles.start();
    await roles.stop();
    expect(await storedRevisions(server)).toEqual(before);
    expect(warned).toEqual([
      { resource: 'clusterroles', name: 'system:discovery' },
      { resource: 'clusterrolebindings', name: 'system:discovery' },
    ]);
  });
});

describe('a cluster of an older release', () => {
  it('keeps what its admin role allowed, in the role that admin is made of', async () => {
    const server = await startBuiltInServer();
    await server.client.post(`${rbacPath}/clusterroles`, { metadata: { name: 'admin', labels: { mine: 'yes' } }, rules: [pods('fly')] });
    await bootstrap(server);
    const { metadata, rules } = await read<rbac.v1.ClusterRole>(server, 'clusterroles/system:aggregate-to-admin');
    expect(metadata.labels).toEqual({
      'kubernetes.io/bootstrapping': 'rbac-defaults',
      mine: 'yes',
      'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
    });
    expect(rules?.[0]).toEqual(pods('fly'));
    expect(rules).toHaveLength(18);
    expect(await read(server, 'clusterroles/admin')).toMatchObject({
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' } }] },
      rules: [pods('fly')],
    });
  });

  it('shows its version to those who may discover its API', async () => {
    const server = await startBuiltInServer();
    await server.client.post(`${rbacPath}/clusterrolebindings`, {
      metadata: { name: 'system:discovery', ...withAutoUpdate('false').metadata },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:discovery' },
      subjects: [user('mine')],
    });
    await bootstrap(server);
    expect(await read(server, 'clusterrolebindings/system:public-info-viewer')).toMatchObject({
      metadata: withAutoUpdate('false').metadata,
      roleRef: { kind: 'ClusterRole', name: 'system:public-info-viewer' },
      subjects: [user('mine')],
    });
  });
});

it('makes the other objects where one cannot be had, and says which', async () => {
  const server = await startBuiltInServer();
  const { loopback } = server.api;
  const create = loopback.create.bind(loopback);
  loopback.create = (gvr, object) => {
    if (object.metadata.name === 'system:kube-dns') throw new Error(`no ${gvr.resource}`);
    return create(gvr, object);
  };
  const failures: unknown[] = [];
  const failed = new Promise<void>((resolve) => {
    const roles = new BootstrapRoles(loopback, defaultFeatures, log, (error) => {
      failures.push(String(error));
      resolve(roles.stop());
    });
    void roles.start();
  });
  await failed;
  expect(failures).toEqual(['AggregateError: Error: no clusterroles; Error: no clusterrolebindings']);
  const made = Object.keys(await storedRevisions(server)).filter((path) => path.startsWith('/registry/cluster'));
  expect(made).toHaveLength(69 - 1 + 50 - 1);
});
