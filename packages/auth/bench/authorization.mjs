// What a decision costs: node packages/auth/bench/authorization.mjs [bindings] [pods]
// Needs the built packages. Half of the bindings are of the cluster, half of 1000 namespaces, to users, groups and service
// accounts; roles have as many rules as those that every cluster has.
import { performance } from 'node:perf_hooks';
import { NodeAuthorizer, NodeGraph, Policy, RbacAuthorizer } from '@keelson/auth';

const BINDINGS = Number(process.argv[2] ?? 10_000);
const PODS = Number(process.argv[3] ?? 100_000);
const ROLES = 500;
const RULES = 20;
const NAMESPACES = 1000;
const NODES = 1000;

const policy = new Policy();
await timed('roles and bindings', BINDINGS, () => {
  for (let i = 0; i < ROLES; i++) policy.setRole({ metadata: { name: `role-${i}` }, rules: rules(i) });
  for (let i = 0; i < BINDINGS; i++) policy.setBinding(binding(i));
});
for (let i = 0; i < 10; i++) {
  const subjects = [{ kind: 'Group', name: 'system:authenticated' }];
  policy.setBinding({ metadata: { name: `everybody-${i}` }, roleRef: { kind: 'ClusterRole', name: `role-${i}` }, subjects });
}
const rbac = new RbacAuthorizer(policy);
const account = { name: 'system:serviceaccount:ns-7:account-7', groups: ['system:serviceaccounts', 'system:authenticated'] };
measure('RBAC, allowed by the first binding', () => rbac.authorize(request(account, 'get', 'resource-0')));
measure('RBAC, allowed by the last binding', () => rbac.authorize(request(account, 'get', 'resource-207', 'ns-7')));
measure('RBAC, a subresource', () => rbac.authorize(request(account, 'get', 'resource-207', 'ns-7', 'status')));
measure('RBAC, not allowed', () => rbac.authorize(request(account, 'delete', 'secrets')));
measure('RBAC, allowed, the reason read', () => rbac.authorize(request(account, 'get', 'resource-0')).reason);

const graph = new NodeGraph();
await timed('pods', PODS, () => {
  for (let i = 0; i < PODS; i++) graph.pods.set(pod(i));
});
await timed('status changes of pods', PODS, () => {
  for (let i = 0; i < PODS; i++) graph.pods.set(pod(i));
});
const node = new NodeAuthorizer({ graph, rules: rules(0), podCertificates: false });
const kubelet = { name: 'system:node:node-7', groups: ['system:nodes', 'system:authenticated'] };
measure('Node, a secret of its pods', () => node.authorize(request(kubelet, 'get', 'secrets', 'ns-7', '', 'secret-7')));
measure('Node, a secret of others', () => node.authorize(request(kubelet, 'get', 'secrets', 'ns-8', '', 'secret-8')));
measure('Node, asked about others', () => node.authorize(request(account, 'get', 'secrets')));

function rules(role) {
  return Array.from({ length: RULES }, (_, i) => ({
    verbs: ['get', 'list', 'watch'],
    apiGroups: [''],
    resources: [`resource-${role + i}`, `resource-${role + i}/status`],
  }));
}

function binding(i) {
  const roleRef = { kind: 'ClusterRole', name: `role-${i % ROLES}` };
  const namespace = `ns-${i % NAMESPACES}`;
  const subjects = [
    { kind: 'ServiceAccount', name: `account-${i}`, namespace },
    { kind: 'User', name: `user-${i}` },
    { kind: 'Group', name: `group-${i % 100}` },
  ];
  if (i === 7) subjects[0].name = 'account-7';
  return { metadata: { name: `binding-${i}`, ...(i % 2 === 1 && { namespace }) }, roleRef, subjects };
}

function pod(i) {
  const n = i % NAMESPACES;
  return {
    metadata: { name: `pod-${i}`, namespace: `ns-${n}` },
    spec: {
      nodeName: `node-${i % NODES}`,
      serviceAccountName: `account-${n}`,
      containers: [{ name: 'c', envFrom: [{ secretRef: { name: `secret-${n}` } }] }],
      volumes: [{ name: 'a', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } }],
    },
    status: {},
  };
}

function request(user, verb, resource, namespace = 'ns-7', subresource = '', name = 'x') {
  return { user, verb, resourceRequest: true, apiGroup: '', apiVersion: 'v1', resource, subresource, namespace, name, path: '' };
}

function measure(name, act) {
  const rounds = 200_000;
  for (let i = 0; i < rounds / 10; i++) act();
  const startedAtMs = performance.now();
  for (let i = 0; i < rounds; i++) act();
  report(name, { microseconds: ((performance.now() - startedAtMs) * 1000) / rounds });
}

async function timed(name, count, act) {
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const startedAtMs = performance.now();
  act();
  const ms = performance.now() - startedAtMs;
  global.gc?.();
  report(name, { count, ms, heapMb: (process.memoryUsage().heapUsed - before) / 2 ** 20 });
}

function report(name, figures) {
  const shown = Object.entries(figures).map(([key, value]) => `${key}=${Math.round(value * 100) / 100}`);
  console.log(`${name}: ${shown.join(' ')}`);
}
