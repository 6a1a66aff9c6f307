import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';

const [program] = kubectlPrograms();

/** `keelson up` with its defaults: Node and RBAC decide, NodeRestriction admits, and nothing runs beside it. */
describe.runIf(program !== undefined)('rights in a local cluster', () => {
  let server: RunningKeelson;
  let kubectl: Kubectl;

  beforeAll(async () => {
    server = await startCluster({ masters: 0 });
    if (program !== undefined) kubectl = new Kubectl(program, server);
  });
  afterAll(() => server?.stop());

  const refusal = async (...args: string[]) => {
    const { code, stderr } = await kubectl.run(args);
    return [code, stderr];
  };

  describe('a node', () => {
    const asNode = ['--as=system:node:n1', '--as-group=system:nodes', '--as-group=system:authenticated'];
    const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
    const mayNot = (verb: string, resource: string, where: string, why: string) =>
      `is forbidden: User "system:node:n1" cannot ${verb} resource "${resource}" in API group "" ${where}: ${why}\n`;

    beforeAll(async () => {
      for (const name of ['mine', 'other']) await kubectl.ok(['create', 'secret', 'generic', name, '--from-literal=a=b']);
      await kubectl.ok(['create', '--filename=-', ...asNode], { input: node('n1') });
    });

    it('makes itself known, and nobody else', async () => {
      const { code, stderr } = await kubectl.run(['create', '--filename=-', ...asNode], { input: node('n2') });
      expect([code, stderr]).toEqual([
        1,
        'Error from server (Forbidden): error when creating "STDIN": nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"\n',
      ]);
      const role = ['label', 'node', 'n1', 'node-role.kubernetes.io/master=', ...asNode];
      expect(await refusal(...role)).toEqual([
        1,
        'Error from server (Forbidden): nodes "n1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/master\n',
      ]);
      expect(await refusal('get', 'node', 'n2', ...asNode)).toEqual([
        1,
        `Error from server (Forbidden): nodes "n2" ${mayNot('get', 'nodes', 'at the cluster scope', "node 'n1' cannot read 'n2', only its own Node object")}`,
      ]);
    });

    it('reads what its pods use as soon as they are bound to it, and until they are gone', async () => {
      const read = (name: string) => refusal('get', 'secret', name, '--output=name', ...asNode);
      const unrelated = (name: string) => [
        1,
        `Error from server (Forbidden): secrets "${name}" ${mayNot('get', 'secrets', 'in the namespace "default"', "no relationship found between node 'n1' and this object")}`,
      ];
      expect(await read('mine')).toEqual(unrelated('mine'));
      const containers = [{ name: 'c', image: 'nginx', envFrom: [{ secretRef: { name: 'mine' } }] }];
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { nodeName: 'n1', containers } };
      await kubectl.ok(['create', '--filename=-'], { input: pod });
      await expect.poll(() => read('mine')).toEqual([0, '']);
      expect(await read('other')).toEqual(unrelated('other'));
      await kubectl.ok(['delete', 'pod', 'web', '--force', '--grace-period=0']);
      await expect.poll(() => read('mine')).toEqual(unrelated('mine'));
    });
  });

  const flows = 'flowschemas.flowcontrol.apiserver.k8s.io';
  it('roles that others are part of have the rules of these', async () => {
    const rules = [{ apiGroups: ['flowcontrol.apiserver.k8s.io'], resources: ['flowschemas'], verbs: ['get', 'list'] }];
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'flow-viewer', labels }, rules };
    await kubectl.ok(['create', '--filename=-'], { input: role });
    await kubectl.ok(['create', 'rolebinding', 'viewers', '--clusterrole=view', '--user=erin']);
    await kubectl.ok(['create', 'rolebinding', 'editors', '--clusterrole=edit', '--user=frank']);
    const may = async (user: string, verb: string, what: string) =>
      (await kubectl.run(['auth', 'can-i', verb, what, `--as=${user}`])).stdout.trim();
    await expect.poll(() => may('erin', 'list', 'pods')).toBe('yes');
    for (const user of ['erin', 'frank']) await expect.poll(() => may(user, 'list', flows)).toBe('yes');
    expect([await may('erin', 'delete', 'pods'), await may('frank', 'delete', 'pods')]).toEqual(['no', 'yes']);
    await kubectl.ok(['delete', 'clusterrole', 'flow-viewer']);
    for (const user of ['erin', 'frank']) await expect.poll(() => may(user, 'list', flows)).toBe('no');
  });

  it('reviews say what a selector is allowed to see', async () => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'], resourceNames: ['web'] }];
    await kubectl.ok(['create', '--filename=-'], {
      input: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'web', namespace: 'default' }, rules },
    });
    await kubectl.ok(['create', 'rolebinding', 'web', '--role=web', '--user=grace']);
    const review = async (spec: object) => {
      const input = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
      const { stdout } = await kubectl.run(['create', '--filename=-', '--output=json'], { input });
      return (JSON.parse(stdout) as { status: object }).status;
    };
    const resourceAttributes = { verb: 'list', resource: 'pods' };
    const onNode = { requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['n1'] }] };
    const asNode = { user: 'system:node:n1', groups: ['system:nodes'] };
    expect(await review({ ...asNode, resourceAttributes })).toEqual({
      allowed: false,
      reason: 'can only list/watch pods with spec.nodeName field selector',
    });
    expect(await review({ ...asNode, resourceAttributes: { ...resourceAttributes, fieldSelector: onNode } })).toEqual({ allowed: true });
    const names = { rawSelector: 'metadata.name=web' };
    const named = { ...resourceAttributes, namespace: 'default', name: 'web', fieldSelector: names };
    expect(await review({ user: 'grace', resourceAttributes: named })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "web/default" of Role "web" to User "grace"',
    });
  });
});
