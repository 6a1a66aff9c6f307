import type { Change } from '../../change.js';
import type { Rule } from '../../rule.js';
import { notIp, notSubdomain } from '../format-messages.js';

const mirror = 'metadata.annotations[kubernetes.io/config.mirror]';

const changing = (rule: string, before: Change, accepted: Change, refused: Change, ...errors: string[]): Rule => ({
  rule,
  on: 'update',
  before,
  accepted,
  refused,
  errors,
});

const must = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const gated = { 'spec.schedulingGates': [{ name: 'a' }] };
const inA = { key: 'a', operator: 'In', values: ['b'] };

const fixed =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

/** What of a pod can be changed, and to what. */
export const updateRules: readonly Rule[] = [
  changing(
    'most of a pod is fixed',
    {},
    { 'spec.containers[0].image': 'busybox' },
    { 'spec.hostname': 'a' },
    `${fixed}@@ -64,7 +64,7 @@\n   "SELinuxChangePolicy": null\n  },\n  "ImagePullSecrets": null,\n- "Hostname": "",\n+ "Hostname": "a",\n  "Subdomain": "",\n  "SetHostnameAsFQDN": null,\n  "Affinity": null,\n`,
  ),
  changing(
    'a pod that had no sensible time to end gets one',
    { 'spec.terminationGracePeriodSeconds': -1 },
    { 'spec.terminationGracePeriodSeconds': 1 },
    { 'spec.terminationGracePeriodSeconds': 2 },
    `${fixed}@@ -36,7 +36,7 @@\n  ],\n  "EphemeralContainers": null,\n  "RestartPolicy": "Always",\n- "TerminationGracePeriodSeconds": 1,\n+ "TerminationGracePeriodSeconds": 2,\n  "ActiveDeadlineSeconds": null,\n  "DNSPolicy": "ClusterFirst",\n  "NodeSelector": null,\n`,
  ),
  changing(
    'containers are neither added nor removed',
    {},
    { 'spec.containers[0].image': 'busybox' },
    { 'spec.containers[1]': { name: 'second', image: 'busybox' } },
    'spec.containers: Forbidden: pod updates may not add or remove containers',
  ),
  changing(
    'init containers are neither added nor removed',
    { 'spec.initContainers[0]': { name: 'first', image: 'busybox' } },
    { 'spec.initContainers[0].image': 'nginx' },
    { 'spec.initContainers': [] },
    'spec.initContainers: Forbidden: pod updates may not add or remove containers',
  ),
  changing(
    'a changed image is still one',
    {},
    { 'spec.containers[0].image': 'a' },
    { 'spec.containers[0].image': '' },
    'spec.containers[0].image: Required value',
    'spec.containers[0].image: Required value',
  ),
  changing(
    'a deadline only comes nearer',
    { 'spec.activeDeadlineSeconds': 5 },
    { 'spec.activeDeadlineSeconds': 4 },
    { 'spec.activeDeadlineSeconds': 6 },
    'spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value',
  ),
  changing(
    'a deadline is not taken away',
    { 'spec.activeDeadlineSeconds': 5 },
    { 'spec.activeDeadlineSeconds': 5 },
    { 'spec.activeDeadlineSeconds': undefined },
    'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
  ),
  changing(
    'tolerations stay',
    { 'spec.tolerations': [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }] },
    { 'spec.tolerations[0].tolerationSeconds': 5 },
    { 'spec.tolerations[0].key': 'b' },
    'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
  ),
  changing(
    'gates are only opened',
    gated,
    { 'spec.schedulingGates': [] },
    { 'spec.schedulingGates[1]': { name: 'b' } },
    "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
  ),
  changing(
    'behind a gate nodes are only narrowed down',
    { ...gated, 'spec.nodeSelector': { a: 'b' } },
    { 'spec.nodeSelector.c': 'd' },
    { 'spec.nodeSelector.a': 'c' },
    'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
  ),
  changing(
    'behind a gate terms for nodes are neither added nor removed',
    { ...gated, [must]: [{ matchExpressions: [inA] }] },
    { [`${must}[0].matchExpressions[1]`]: { key: 'c', operator: 'Exists' } },
    { [`${must}[1]`]: { matchExpressions: [inA] } },
    `${must}: Invalid value: [{"MatchExpressions":[{"Key":"a","Operator":"In","Values":["b"]}],"MatchFields":null},{"MatchExpressions":[{"Key":"a","Operator":"In","Values":["b"]}],"MatchFields":null}]: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
  ),
  changing(
    'behind a gate requirements of nodes are only added',
    { ...gated, [must]: [{ matchExpressions: [inA] }] },
    { [`${must}[0].matchExpressions[1]`]: { key: 'c', operator: 'Exists' } },
    { [`${must}[0].matchExpressions[0].values`]: ['c'] },
    `${must}[0]: Invalid value: {"MatchExpressions":[{"Key":"a","Operator":"In","Values":["c"]}],"MatchFields":null}: only additions are allowed (no mutations or deletions)`,
  ),
  changing(
    'a pod does not become a mirror',
    { 'spec.nodeName': 'n' },
    { 'metadata.annotations.a': 'b' },
    { [mirror]: 'a' },
    `${mirror}: Forbidden: may not add mirror pod annotation`,
  ),
  changing(
    'a mirror stays one',
    { 'spec.nodeName': 'n', [mirror]: 'a' },
    { 'metadata.annotations.a': 'b' },
    { [mirror]: 'b' },
    `${mirror}: Forbidden: may not remove or update mirror pod annotation`,
  ),
];

const reporting = (rule: string, before: Change, accepted: Change, refused: Change, ...errors: string[]): Rule => ({
  ...changing(rule, before, accepted, refused, ...errors),
  on: 'update/status',
});

const state = (what: object) => [{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state: what }];
const ended = state({ terminated: { exitCode: 0 } });

/** What can be reported of a pod. */
export const statusRules: readonly Rule[] = [
  reporting(
    'a pod is nominated for a node with a proper name',
    {},
    { 'status.nominatedNodeName': 'a.b' },
    { 'status.nominatedNodeName': 'A' },
    `status.nominatedNodeName: Invalid value: "A": ${notSubdomain}`,
  ),
  reporting(
    'the class of a pod does not change',
    {},
    { 'status.qosClass': 'BestEffort' },
    { 'status.qosClass': 'Guaranteed' },
    'status.qosClass: Invalid value: "Guaranteed": field is immutable',
  ),
  reporting(
    'a container that is never restarted has ended for good',
    { 'spec.restartPolicy': 'Never', 'status.containerStatuses': ended },
    { 'status.containerStatuses': state({ terminated: { exitCode: 1 } }) },
    { 'status.containerStatuses': state({ running: {} }) },
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
  ),
  reporting(
    'a container that has not failed has ended for good',
    { 'spec.restartPolicy': 'OnFailure', 'status.containerStatuses': ended },
    { 'status.containerStatuses': state({ terminated: { exitCode: 1 } }) },
    { 'status.containerStatuses': state({ waiting: {} }) },
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
  ),
  reporting(
    'a pod has proper addresses',
    {},
    { 'status.podIPs': [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
    { 'status.podIPs': [{ ip: 'a' }] },
    `status.podIPs[0]: Invalid value: "a": ${notIp}`,
  ),
  reporting(
    'a pod has one address of a family',
    {},
    { 'status.podIPs': [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
    { 'status.podIPs': [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
    'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
  ),
];

const debug = { name: 'debug', image: 'busybox' };
const looking = 'spec.ephemeralContainers';

const looks = (rule: string, accepted: object, refused: object, ...errors: string[]): Rule => ({
  rule,
  on: 'update/ephemeralcontainers',
  accepted: { [looking]: [{ ...debug, ...accepted }] },
  refused: { [looking]: [{ ...debug, ...refused }] },
  errors: errors.map((error) => `${looking}[0].${error}`),
});

const notEphemeral = 'Forbidden: cannot be set for an Ephemeral Container';
const exec = { exec: { command: ['true'] } };

/** What containers can be added to a pod that runs. */
export const ephemeralContainerRules: readonly Rule[] = [
  looks('an ephemeral container has a name', { name: 'a' }, { name: '' }, 'name: Required value'),
  looks('an ephemeral container has a name of its own', { name: 'a' }, { name: 'main' }, 'name: Duplicate value: "main"'),
  looks('an ephemeral container has an image', { image: 'a' }, { image: '' }, 'image: Required value'),
  looks(
    'an ephemeral container looks at a container of the pod',
    { targetContainerName: 'main' },
    { targetContainerName: 'no' },
    'targetContainerName: Not found: "no"',
  ),
  ...(
    [
      ['ports', [{ containerPort: 80 }]],
      ['resources', { limits: { cpu: '1' } }],
      ['resizePolicy', [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }]],
      ['livenessProbe', exec],
      ['readinessProbe', exec],
      ['startupProbe', exec],
      ['lifecycle', { preStop: exec }],
    ] as const
  ).map(([field, value]) =>
    looks(`an ephemeral container has no ${field}`, { tty: true }, { [field]: value }, `${field}: ${notEphemeral}`),
  ),
  looks('an ephemeral container has no list of no ports either', { ports: null }, { ports: [] }, `ports: ${notEphemeral}`),
  looks('an ephemeral container has no limits of nothing', { resources: {} }, { resources: { limits: {} } }, `resources: ${notEphemeral}`),
  {
    rule: 'ephemeral containers stay',
    on: 'update/ephemeralcontainers',
    before: { [looking]: [debug] },
    accepted: { [`${looking}[1]`]: { ...debug, name: 'second' } },
    refused: { [looking]: [] },
    errors: [`${looking}: Forbidden: existing ephemeral containers "debug" may not be removed\n`],
  },
];

const resources = 'spec.containers[0].resources';
const burst = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi', 'ephemeral-storage': '1Gi' } };

const resizing = (rule: string, accepted: Change, refused: Change, ...errors: string[]): Rule => ({
  rule,
  on: 'update/resize',
  before: { [resources]: burst },
  accepted,
  refused,
  errors,
});

/** How a pod that runs can be given more, or less. */
export const resizeRules: readonly Rule[] = [
  resizing(
    'only cpu and memory change',
    { [`${resources}.limits.cpu`]: '3' },
    { [`${resources}.limits.ephemeral-storage`]: '2Gi' },
    'spec: Forbidden: only cpu and memory resources are mutable',
  ),
  resizing(
    'a resized pod is of the same class',
    { [`${resources}.requests.cpu`]: '2' },
    { [`${resources}.requests`]: { cpu: '2', memory: '2Gi', 'ephemeral-storage': '1Gi' } },
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ),
  resizing(
    'limits stay',
    { [`${resources}.limits.memory`]: '3Gi' },
    { [`${resources}.limits.memory`]: undefined },
    `${resources}.limits: Forbidden: resource limits cannot be removed`,
  ),
  resizing(
    'what is asked for is at most the limit',
    { [`${resources}.requests.cpu`]: '2' },
    { [`${resources}.requests.cpu`]: '3' },
    `${resources}.requests: Invalid value: "3": must be less than or equal to cpu limit of 2`,
  ),
  {
    ...resizing(
      'requests stay',
      { [`${resources}.requests.cpu`]: '2' },
      { [`${resources}.requests.cpu`]: undefined },
      `${resources}.requests: Forbidden: resource requests cannot be removed`,
    ),
    before: { [resources]: { requests: { cpu: '1', memory: '1Gi' } } },
  },
  resizing(
    'containers keep their names',
    { [`${resources}.limits.cpu`]: '3' },
    { 'spec.containers[0].name': 'other' },
    'spec.containers: Forbidden: containers may not be renamed or reordered on resize',
  ),
];

/** To which nodes pods are bound. */
export const bindingRules: readonly Rule[] = [
  {
    rule: 'a pod is bound to a node',
    on: 'create/binding',
    accepted: { 'target.kind': 'Node', 'target.name': 'n' },
    refused: { 'target.kind': 'Pod', 'target.name': 'n' },
    errors: [],
    refusal: { code: 500, reason: '', message: 'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"' },
  },
  {
    rule: 'a pod is bound to a node with a name',
    on: 'create/binding',
    accepted: { 'target.name': 'n' },
    refused: { 'target.name': '' },
    errors: [],
    refusal: { code: 500, reason: '', message: 'target.name: Required value' },
  },
];
