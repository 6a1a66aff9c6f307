import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const [program] = kubectlPrograms();
const account = 'system:serviceaccount:default:lister';
const asAccount = `--as=${account}`;

describe.runIf(program !== undefined)('kubectl under RBAC', () => {
  let server: RunningKeelson;
  let kubectl: Kubectl;
  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded' });
    if (program !== undefined) kubectl = new Kubectl(program, server);
    await kubectl.ok(['create', 'serviceaccount', 'lister']);
    await kubectl.ok(['create', 'clusterrole', 'pod-lister', '--verb=list', '--resource=pods']);
    await kubectl.ok(['create', 'clusterrolebinding', 'listers', '--clusterrole=pod-lister', '--serviceaccount=default:lister']);
    await kubectl.ok(['run', 'web', '--image=nginx', '--namespace=default']);
  });
  afterAll(() => server?.stop());

  const refusal = async (...args: string[]) => {
    const { code, stderr } = await kubectl.run(args);
    return [code, stderr];
  };

  it('lets an account do what its role allows, and no more', async () => {
    expect(await kubectl.ok(['get', 'pods', '--all-namespaces', '--output=name', asAccount])).toBe('pod/web\n');
    expect(await refusal('describe', 'pod', 'web', asAccount)).toEqual([
      1,
      `Error from server (Forbidden): pods "web" is forbidden: User "${account}" cannot get resource "pods" in API group "" in the namespace "default"\n`,
    ]);
  });

  it('says who can do what', async () => {
    expect(await kubectl.run(['auth', 'can-i', 'list', 'pods', asAccount])).toEqual({ code: 0, stdout: 'yes\n', stderr: '' });
    expect(await kubectl.run(['auth', 'can-i', 'delete', 'pods', asAccount])).toEqual({ code: 1, stdout: 'no\n', stderr: '' });
    const listed = (await kubectl.ok(['auth', 'can-i', '--list', asAccount])).split('\n').map((line) => line.trim().split(/\s{2,}/));
    expect(listed).toContainEqual(['pods', '[]', '[]', '[list]']);
  });

  it('shows whom a user has become', async () => {
    const identity = await kubectl.json<{ status: object }>(['auth', 'whoami', asAccount]);
    const groups = ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'];
    expect(identity.status).toEqual({ userInfo: { username: account, groups } });
  });

  it('takes rights away at once', async () => {
    await kubectl.ok(['create', 'role', 'deleter', '--verb=delete', '--resource=configmaps', '--namespace=default']);
    await kubectl.ok(['create', 'rolebinding', 'deleters', '--role=deleter', '--user=bob', '--namespace=default']);
    const mayDelete = async () => (await kubectl.run(['auth', 'can-i', 'delete', 'configmaps', '--as=bob', '--namespace=default'])).stdout;
    expect(await mayDelete()).toBe('yes\n');
    await kubectl.ok(['delete', 'rolebinding', 'deleters', '--namespace=default']);
    expect(await mayDelete()).toBe('no\n');
  });

  it('keeps people from giving away what they do not have', async () => {
    await kubectl.ok(['create', 'clusterrole', 'role-writer', '--verb=create', '--resource=roles,rolebindings']);
    await kubectl.ok(['create', 'clusterrolebinding', 'role-writers', '--clusterrole=role-writer', '--user=carol']);
    const create = ['create', 'role', 'pod-deleter', '--verb=delete', '--resource=pods', '--namespace=default', '--as=carol'];
    expect(await refusal(...create)).toEqual([
      1,
      'Error from server (Forbidden): roles.rbac.authorization.k8s.io "pod-deleter" is forbidden: user "carol" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}\n',
    ]);
  });

  it('keeps people from making a role part of others that they do not have', async () => {
    await kubectl.ok(['create', 'clusterrole', 'role-patcher', '--verb=get,patch', '--resource=clusterroles']);
    await kubectl.ok(['create', 'clusterrolebinding', 'role-patchers', '--clusterrole=role-patcher', '--user=dave']);
    const label = 'rbac.authorization.k8s.io/aggregate-to-view=true';
    const [code, stderr] = await refusal('label', 'clusterrole', 'system:controller:pod-garbage-collector', label, '--as=dave');
    expect(code).toBe(1);
    expect(String(stderr).split('\n')[0]).toBe(
      'Error from server (Forbidden): clusterroles.rbac.authorization.k8s.io "system:controller:pod-garbage-collector" is forbidden: user "dave" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:',
    );
    const release = ['patch', 'clusterrole', 'pod-lister', '--type=merge', '--patch={"metadata":{"finalizers":["x/y"]}}', '--as=dave'];
    expect(await kubectl.ok(release)).toBe('clusterrole.rbac.authorization.k8s.io/pod-lister patched\n');
    await kubectl.ok(['patch', 'clusterrole', 'pod-lister', '--type=merge', '--patch={"metadata":{"finalizers":null}}', '--as=dave']);
  });

  it('reconciles roles from a file', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'pod-lister' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['watch'] }],
    };
    expect(await kubectl.ok(['auth', 'reconcile', '--filename=-'], { input: role })).toBe(
      'clusterrole.rbac.authorization.k8s.io/pod-lister reconciled\n',
    );
    expect((await kubectl.run(['auth', 'can-i', 'watch', 'pods', asAccount])).stdout).toBe('yes\n');
  });
});
