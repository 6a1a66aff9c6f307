import type { Rule, RulesOfKind } from '../rule.js';
import { notDns1035Label, notLabel, notSubdomain } from './format-messages.js';

const template = (restartPolicy: string) => ({
  metadata: { labels: { a: 'b' } },
  spec: { restartPolicy, containers: [{ name: 'main', image: 'nginx' }] },
});
const selector = { matchLabels: { a: 'b' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const backend = { service: { name: 'a', port: { number: 80 } } };
const subject = { kind: 'User', name: 'a', apiGroup: 'rbac.authorization.k8s.io' };

type Example = RulesOfKind['example'];

const core = (resource: string) => `/api/v1/namespaces/default/${resource}`;
const coreCluster = (resource: string) => `/api/v1/${resource}`;
const group = (groupVersion: string, resource: string) => `/apis/${groupVersion}/namespaces/default/${resource}`;
const cluster = (groupVersion: string, resource: string) => `/apis/${groupVersion}/${resource}`;

/** Names up to the limit of 253 bytes, unless there is another one. */
const subdomain = (collection: string, kind: string, example: Example, max = 253): RulesOfKind => ({
  collection,
  kind,
  example,
  rules: [
    named('the name is a subdomain', 'a.b', 'A', notSubdomain),
    ...(max === 253 ? [named('the name is short', longest(253), longest(254), 'must be no more than 253 characters')] : []),
  ],
});

const longest = (length: number) => `${'a'.repeat(63)}.`.repeat(4).padEnd(length, 'b').slice(0, length);

const label = (collection: string, kind: string, example: Example): RulesOfKind => ({
  collection,
  kind,
  example,
  rules: [
    named('the name is a label', 'a-1', 'A', notLabel),
    named('the name is short', 'a'.repeat(63), 'a'.repeat(64), 'must be no more than 63 characters'),
  ],
});

const segment = (collection: string, kind: string, example: Example): RulesOfKind => ({
  collection,
  kind,
  example,
  rules: [
    named('the name has no slash', 'A:b', 'a/b', "may not contain '/'"),
    named('the name is not quoted', 'a b', 'a%b', "may not contain '%'"),
    named('the name is not a folder', '...', '..', "may not be '..'"),
  ],
});

const named = (rule: string, accepted: string, refused: string, ...details: string[]): Rule => ({
  rule,
  accepted: { 'metadata.name': accepted },
  refused: { 'metadata.name': refused },
  errors: details.map((detail) => `metadata.name: Invalid value: "${refused}": ${detail}`),
});

/** What names each kind takes. */
export const nameRules: readonly RulesOfKind[] = [
  subdomain(core('pods'), 'Pod', { spec: template('Always').spec }),
  subdomain(core('replicationcontrollers'), 'ReplicationController', { spec: { selector: { a: 'b' }, template: template('Always') } }),
  subdomain(coreCluster('nodes'), 'Node', {}),
  subdomain(core('limitranges'), 'LimitRange', { spec: { limits: [] } }),
  subdomain(core('resourcequotas'), 'ResourceQuota', { spec: {} }),
  subdomain(core('secrets'), 'Secret', {}),
  subdomain(core('configmaps'), 'ConfigMap', {}),
  subdomain(core('serviceaccounts'), 'ServiceAccount', {}),
  subdomain(core('endpoints'), 'Endpoints', {}),
  subdomain(core('persistentvolumeclaims'), 'PersistentVolumeClaim', { spec: claim }),
  subdomain(coreCluster('persistentvolumes'), 'PersistentVolume', {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } },
  }),
  subdomain(group('apps/v1', 'deployments'), 'Deployment.apps', { spec: { selector, template: template('Always') } }),
  subdomain(group('apps/v1', 'daemonsets'), 'DaemonSet.apps', { spec: { selector, template: template('Always') } }),
  subdomain(group('apps/v1', 'replicasets'), 'ReplicaSet.apps', { spec: { selector, template: template('Always') } }),
  subdomain(group('apps/v1', 'controllerrevisions'), 'ControllerRevision.apps', { revision: 1, data: { a: 1 } }),
  subdomain(group('autoscaling/v2', 'horizontalpodautoscalers'), 'HorizontalPodAutoscaler.autoscaling', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 1 },
  }),
  subdomain(group('networking.k8s.io/v1', 'ingresses'), 'Ingress.networking.k8s.io', { spec: { defaultBackend: backend } }),
  subdomain(cluster('networking.k8s.io/v1', 'ingressclasses'), 'IngressClass.networking.k8s.io', { spec: { controller: 'a.b/c' } }),
  subdomain(group('networking.k8s.io/v1', 'networkpolicies'), 'NetworkPolicy.networking.k8s.io', { spec: { podSelector: {} } }),
  segment(group('policy/v1', 'poddisruptionbudgets'), 'PodDisruptionBudget.policy', { spec: { maxUnavailable: 1, selector } }),
  subdomain(cluster('scheduling.k8s.io/v1', 'priorityclasses'), 'PriorityClass.scheduling.k8s.io', { value: 1 }),
  subdomain(cluster('storage.k8s.io/v1', 'storageclasses'), 'StorageClass.storage.k8s.io', { provisioner: 'a.b/c' }),
  subdomain(cluster('storage.k8s.io/v1', 'csidrivers'), 'CSIDriver.storage.k8s.io', { spec: {} }),
  subdomain(group('coordination.k8s.io/v1', 'leases'), 'Lease.coordination.k8s.io', { spec: {} }),
  subdomain(group('discovery.k8s.io/v1', 'endpointslices'), 'EndpointSlice.discovery.k8s.io', { addressType: 'IPv4', endpoints: [] }),
  subdomain(
    cluster('flowcontrol.apiserver.k8s.io/v1', 'prioritylevelconfigurations'),
    'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
    {
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
    },
  ),
  subdomain(cluster('flowcontrol.apiserver.k8s.io/v1', 'flowschemas'), 'FlowSchema.flowcontrol.apiserver.k8s.io', {
    spec: { priorityLevelConfiguration: { name: 'a' }, matchingPrecedence: 2 },
  }),
  subdomain(
    cluster('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations'),
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    {},
  ),
  subdomain(
    cluster('admissionregistration.k8s.io/v1', 'mutatingwebhookconfigurations'),
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    {},
  ),
  label(group('apps/v1', 'statefulsets'), 'StatefulSet.apps', { spec: { serviceName: 'a', selector, template: template('Always') } }),
  {
    collection: core('services'),
    kind: 'Service',
    example: { spec: { ports: [{ port: 80 }] } },
    rules: [
      named('the name is a label that starts with a letter', 'a-1', '1a', notDns1035Label),
      named('the name is short', 'a'.repeat(63), 'a'.repeat(64), 'must be no more than 63 characters'),
    ],
  },
  {
    ...subdomain(group('batch/v1', 'jobs'), 'Job.batch', { spec: { template: template('Never') } }),
    rules: [
      named('the name is a subdomain', 'a.b', 'A', notSubdomain),
      {
        rule: 'the name of an indexed one is that of hosts, with an index',
        accepted: { 'metadata.name': 'a'.repeat(60), 'spec.completionMode': 'Indexed', 'spec.completions': 11, 'spec.parallelism': 1 },
        refused: { 'metadata.name': 'a.b', 'spec.completionMode': 'Indexed', 'spec.completions': 11, 'spec.parallelism': 1 },
        errors: ['metadata.name: Invalid value: "a.b": will not able to create pod with invalid DNS label: a.b-10'],
      },
    ],
  },
  {
    collection: group('batch/v1', 'cronjobs'),
    kind: 'CronJob.batch',
    example: { spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template('Never') } } } },
    rules: [
      named('the name is a subdomain', 'a.b', 'A', notSubdomain),
      named('the name leaves room for that of a job', 'a'.repeat(52), 'a'.repeat(53), 'must be no more than 52 characters'),
    ],
  },
  segment(group('rbac.authorization.k8s.io/v1', 'roles'), 'Role.rbac.authorization.k8s.io', {}),
  segment(cluster('rbac.authorization.k8s.io/v1', 'clusterroles'), 'ClusterRole.rbac.authorization.k8s.io', {}),
  segment(group('rbac.authorization.k8s.io/v1', 'rolebindings'), 'RoleBinding.rbac.authorization.k8s.io', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [subject],
  }),
  segment(cluster('rbac.authorization.k8s.io/v1', 'clusterrolebindings'), 'ClusterRoleBinding.rbac.authorization.k8s.io', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [subject],
  }),
];
