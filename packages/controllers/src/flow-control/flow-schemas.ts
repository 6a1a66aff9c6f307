import { mandatoryFlowSchemaSpecs } from '@keelson/api';
import type { flowcontrol } from '@keelson/schema';

type FlowSchema = flowcontrol.v1.FlowSchema;
type Rules = Pick<flowcontrol.v1.PolicyRulesWithSubjects, 'resourceRules' | 'nonResourceRules'>;
type ResourceRule = flowcontrol.v1.ResourcePolicyRule;
type Subject = flowcontrol.v1.Subject;

const ANY = ['*'];
const everything: Rules = {
  resourceRules: [{ verbs: ANY, apiGroups: ANY, resources: ANY, clusterScope: true, namespaces: ANY }],
  nonResourceRules: [{ verbs: ANY, nonResourceURLs: ANY }],
};
const everybody = [group('system:unauthenticated'), group('system:authenticated')];

/** What flow control cannot do without: the first schema, and the one that takes what no other one has taken. */
export const mandatoryFlowSchemas: readonly FlowSchema[] = Object.entries(mandatoryFlowSchemaSpecs).map(([name, spec]) => ({
  metadata: { name },
  spec,
  status: {},
}));

/** Which requests go to which of the suggested priority levels. */
export const suggestedFlowSchemas: readonly FlowSchema[] = [
  schema('probes', 'exempt', {
    precedence: 2,
    subjects: everybody,
    rules: { nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] },
  }),
  schema('system-leader-election', 'leader-election', {
    precedence: 100,
    flowsBy: 'User',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), systemServiceAccounts()],
    rules: { resourceRules: [inNamespaces('leases', 'coordination.k8s.io', ['get', 'create', 'update'])] },
  }),
  schema('system-node-high', 'node-high', {
    precedence: 400,
    flowsBy: 'User',
    subjects: [group('system:nodes')],
    rules: {
      resourceRules: [
        { verbs: ANY, apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: ANY },
        inNamespaces('leases', 'coordination.k8s.io', ANY),
      ],
    },
  }),
  schema('system-nodes', 'system', { precedence: 500, flowsBy: 'User', subjects: [group('system:nodes')], rules: everything }),
  schema('kube-controller-manager', 'workload-high', {
    precedence: 800,
    flowsBy: 'Namespace',
    subjects: [user('system:kube-controller-manager')],
    rules: everything,
  }),
  schema('kube-scheduler', 'workload-high', {
    precedence: 800,
    flowsBy: 'Namespace',
    subjects: [user('system:kube-scheduler')],
    rules: everything,
  }),
  schema('kube-system-service-accounts', 'workload-high', {
    precedence: 900,
    flowsBy: 'Namespace',
    subjects: [systemServiceAccounts()],
    rules: everything,
  }),
  schema('service-accounts', 'workload-low', {
    precedence: 9_000,
    flowsBy: 'User',
    subjects: [group('system:serviceaccounts')],
    rules: everything,
  }),
  schema('global-default', 'global-default', { precedence: 9_900, flowsBy: 'User', subjects: everybody, rules: everything }),
];

interface SchemaWords {
  /** Of all schemas that fit a request the one with the lowest precedence takes it. */
  readonly precedence: number;
  /** What tells the flows apart that share the level fairly; left out: all is one flow. */
  readonly flowsBy?: 'User' | 'Namespace';
  readonly subjects: Subject[];
  readonly rules: Rules;
}

function schema(name: string, priorityLevel: string, { precedence, flowsBy, subjects, rules }: SchemaWords): FlowSchema {
  const spec = {
    priorityLevelConfiguration: { name: priorityLevel },
    matchingPrecedence: precedence,
    ...(flowsBy && { distinguisherMethod: { type: `By${flowsBy}` } }),
    rules: [{ subjects, ...rules }],
  };
  return { metadata: { name }, spec, status: {} };
}

function inNamespaces(resource: string, apiGroup: string, verbs: string[]): ResourceRule {
  return { verbs, apiGroups: [apiGroup], resources: [resource], namespaces: ANY };
}

function group(name: string): Subject {
  return { kind: 'Group', group: { name } };
}

function user(name: string): Subject {
  return { kind: 'User', user: { name } };
}

function systemServiceAccounts(): Subject {
  return { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } };
}
