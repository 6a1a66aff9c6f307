import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { negative, notHttpHeaderName, notLabel, notPort, unsupported } from '../format-messages.js';

const main = 'spec.containers[0]';
const init = 'spec.initContainers[0]';
const ports = `${main}.ports`;
const sleeper = { name: 'first', image: 'busybox' };

const names: readonly Rule[] = [
  fieldRule('there are containers', 'spec.containers', [sleeper], [], 'Required value'),
  fieldRule('a container has a name', `${main}.name`, 'a', '', 'Required value'),
  fieldRule('the name of a container is a label', `${main}.name`, 'a'.repeat(63), 'Main', `Invalid value: "Main": ${notLabel}`),
  fieldRule(
    'the name of a container is short',
    `${main}.name`,
    'b'.repeat(63),
    'b'.repeat(64),
    `Invalid value: "${'b'.repeat(64)}": must be no more than 63 characters`,
  ),
  {
    rule: 'containers have names of their own',
    accepted: { 'spec.containers[1]': sleeper },
    refused: { 'spec.containers[1]': { ...sleeper, name: 'main' } },
    errors: ['spec.containers[1].name: Duplicate value: "main"'],
  },
  {
    rule: 'init containers share the names with containers',
    accepted: { [init]: sleeper },
    refused: { [init]: { ...sleeper, name: 'main' } },
    errors: [`${init}.name: Duplicate value: "main"`],
  },
  {
    rule: 'init containers have names of their own',
    accepted: { 'spec.initContainers': [sleeper, { ...sleeper, name: 'second' }] },
    refused: { 'spec.initContainers': [sleeper, sleeper] },
    errors: ['spec.initContainers[1].name: Duplicate value: "first"'],
  },
  fieldRule('a container has an image', `${main}.image`, 'nginx:1', '', 'Required value'),
  fieldRule(
    'an image has no spaces around it',
    `${main}.image`,
    'a b',
    ' nginx',
    'Invalid value: " nginx": must not have leading or trailing whitespace',
  ),
  fieldRule(
    'an image is pulled by a known policy',
    `${main}.imagePullPolicy`,
    'Never',
    'Sometimes',
    unsupported('Sometimes', 'Always', 'IfNotPresent', 'Never'),
  ),
  fieldRule(
    'a container tells of its end in a known way',
    `${main}.terminationMessagePolicy`,
    'FallbackToLogsOnError',
    'Log',
    unsupported('Log', 'File', 'FallbackToLogsOnError'),
  ),
];

const portRules: readonly Rule[] = [
  ...(
    [
      ['is short', 'a'.repeat(15), 'a'.repeat(16), 'must be no more than 15 characters'],
      ['is lower case', 'http', 'HTTP', 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
      ['has a letter', '80a', '80', 'must contain at least one letter (a-z)'],
      ['has single hyphens', 'a-b', 'a--b', 'must not contain consecutive hyphens'],
      ['has hyphens within', 'b-a', 'a-', 'must not begin or end with a hyphen'],
    ] as const
  ).map(([rule, accepted, refused, detail]) => ({
    rule: `the name of a port ${rule}`,
    accepted: { [ports]: [{ name: accepted, containerPort: 80 }] },
    refused: { [ports]: [{ name: refused, containerPort: 80 }] },
    errors: [
      `${ports}[0].name: Invalid value: "${refused}": ${detail}`,
      ...(refused === 'HTTP' ? [`${ports}[0].name: Invalid value: "HTTP": must contain at least one letter (a-z)`] : []),
    ],
  })),
  {
    rule: 'ports have names of their own',
    accepted: {
      [ports]: [
        { name: 'a', containerPort: 80 },
        { name: 'b', containerPort: 81 },
      ],
    },
    refused: {
      [ports]: [
        { name: 'a', containerPort: 80 },
        { name: 'a', containerPort: 81 },
      ],
    },
    errors: [`${ports}[1].name: Duplicate value: "a"`],
  },
  fieldRule('a port is given', `${ports}[0].containerPort`, 1, 0, 'Required value'),
  fieldRule('a port is at most 65535', `${ports}[0].containerPort`, 65535, 65536, `Invalid value: 65536: ${notPort}`),
  {
    rule: 'a port of the host is at most 65535',
    accepted: { [ports]: [{ containerPort: 80, hostPort: 65535 }] },
    refused: { [ports]: [{ containerPort: 80, hostPort: 65536 }] },
    errors: [`${ports}[0].hostPort: Invalid value: 65536: ${notPort}`],
  },
  {
    rule: 'a port of the host is not negative',
    accepted: { [ports]: [{ containerPort: 80, hostPort: 1 }] },
    refused: { [ports]: [{ containerPort: 80, hostPort: -1 }] },
    errors: [`${ports}[0].hostPort: Invalid value: -1: ${notPort}`],
  },
  {
    rule: 'a port speaks a known protocol',
    accepted: { [ports]: [{ containerPort: 80, protocol: 'SCTP' }] },
    refused: { [ports]: [{ containerPort: 80, protocol: 'tcp' }] },
    errors: [`${ports}[0].protocol: ${unsupported('tcp', 'SCTP', 'TCP', 'UDP')}`],
  },
  {
    rule: 'on the network of the host a port is that of the host',
    accepted: { 'spec.hostNetwork': true, [ports]: [{ containerPort: 80, hostPort: 80 }] },
    refused: { 'spec.hostNetwork': true, [ports]: [{ containerPort: 80, hostPort: 81 }] },
    errors: [`${ports}[0].hostPort: Invalid value: 81: must match \`containerPort\` when \`hostNetwork\` is true`],
  },
  {
    rule: 'a port of the host is taken once',
    accepted: {
      [ports]: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80, protocol: 'UDP' },
      ],
    },
    refused: {
      [ports]: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    },
    errors: [`${ports}[1].hostPort: Duplicate value: "TCP//80"`],
  },
  {
    rule: 'a port of an address of the host is taken once',
    accepted: {
      [ports]: [
        { containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' },
        { containerPort: 81, hostPort: 80, hostIP: '10.0.0.2' },
      ],
    },
    refused: {
      [ports]: [
        { containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' },
        { containerPort: 81, hostPort: 80, hostIP: '10.0.0.1' },
      ],
    },
    errors: [`${ports}[1].hostPort: Duplicate value: "TCP/10.0.0.1/80"`],
  },
];

const exec = { exec: { command: ['true'] } };
const liveness = `${main}.livenessProbe`;
const readiness = `${main}.readinessProbe`;
const startup = `${main}.startupProbe`;

const notNegativeInProbe = (field: string, accepted: number): Rule => ({
  rule: `${field} of a probe is not negative`,
  accepted: { [readiness]: { ...exec, [field]: accepted } },
  refused: { [readiness]: { ...exec, [field]: -1 } },
  errors: [`${readiness}.${field}: Invalid value: -1: ${negative}`],
});

const onlyOneSuccess = (probe: string): Rule => ({
  rule: `one success is enough for a ${probe.split('.').at(-1)}`,
  accepted: { [probe]: { ...exec, successThreshold: 1 } },
  refused: { [probe]: { ...exec, successThreshold: 2 } },
  errors: [`${probe}.successThreshold: Invalid value: 2: must be 1`],
});

const probeRules: readonly Rule[] = [
  ...['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'].map((field) =>
    notNegativeInProbe(field, 1),
  ),
  onlyOneSuccess(liveness),
  onlyOneSuccess(startup),
  {
    rule: 'a readiness probe has no grace period',
    accepted: { [readiness]: exec, [liveness]: { ...exec, terminationGracePeriodSeconds: 1 } },
    refused: { [readiness]: { ...exec, terminationGracePeriodSeconds: 1 } },
    errors: [`${readiness}.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes`],
  },
  {
    rule: 'the grace period of a probe is positive',
    accepted: { [liveness]: { ...exec, terminationGracePeriodSeconds: 1 } },
    refused: { [liveness]: { ...exec, terminationGracePeriodSeconds: 0 } },
    errors: [`${liveness}.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`],
  },
  fieldRule('a probe does something', readiness, exec, {}, 'Required value: must specify a handler type'),
  {
    rule: 'a probe does one thing',
    accepted: { [readiness]: { tcpSocket: { port: 80 } } },
    refused: { [readiness]: { ...exec, tcpSocket: { port: 80 } } },
    errors: [`${readiness}.tcpSocket: Forbidden: may not specify more than 1 handler type`],
  },
  fieldRule('a probe runs a command', `${readiness}.exec.command`, ['true'], [], 'Required value'),
  {
    rule: 'a probe gets from a port in range',
    accepted: { [readiness]: { httpGet: { port: 65535 } } },
    refused: { [readiness]: { httpGet: { port: 65536 } } },
    errors: [`${readiness}.httpGet.port: Invalid value: 65536: ${notPort}`],
  },
  {
    rule: 'a probe gets from a port with a proper name',
    accepted: { [readiness]: { httpGet: { port: 'http' } } },
    refused: { [readiness]: { httpGet: { port: 'a--b' } } },
    errors: [`${readiness}.httpGet.port: Invalid value: "a--b": must not contain consecutive hyphens`],
  },
  {
    rule: 'a probe gets by a known scheme',
    accepted: { [readiness]: { httpGet: { port: 80, scheme: 'HTTPS' } } },
    refused: { [readiness]: { httpGet: { port: 80, scheme: 'https' } } },
    errors: [`${readiness}.httpGet.scheme: ${unsupported('https', 'HTTP', 'HTTPS')}`],
  },
  {
    rule: 'a probe sends proper headers',
    accepted: { [readiness]: { httpGet: { port: 80, httpHeaders: [{ name: 'X-A', value: ' ' }] } } },
    refused: { [readiness]: { httpGet: { port: 80, httpHeaders: [{ name: 'X_A', value: 'b' }] } } },
    errors: [`${readiness}.httpGet.httpHeaders: Invalid value: "X_A": ${notHttpHeaderName}`],
  },
  {
    rule: 'a probe connects to a port in range',
    accepted: { [readiness]: { tcpSocket: { port: 1 } } },
    refused: { [readiness]: { tcpSocket: { port: 0 } } },
    errors: [`${readiness}.tcpSocket.port: Invalid value: 0: ${notPort}`],
  },
  {
    rule: 'a probe calls a port in range',
    accepted: { [readiness]: { grpc: { port: 1 } } },
    refused: { [readiness]: { grpc: { port: 0 } } },
    errors: [`${readiness}.grpc.port: Invalid value: 0: ${notPort}`],
  },
];

const preStop = `${main}.lifecycle.preStop`;
const postStart = `${main}.lifecycle.postStart`;

const hookRules: readonly Rule[] = [
  fieldRule('a hook before the end does something', preStop, exec, {}, 'Required value: must specify a handler type'),
  fieldRule('a hook after the start does something', postStart, exec, {}, 'Required value: must specify a handler type'),
  {
    rule: 'a hook does one thing',
    accepted: { [preStop]: { sleep: { seconds: 1 } } },
    refused: { [preStop]: { ...exec, sleep: { seconds: 1 } } },
    errors: [`${preStop}.sleep: Forbidden: may not specify more than 1 handler type`],
  },
  fieldRule('a hook runs a command', `${postStart}.exec.command`, ['true'], [], 'Required value'),
  {
    rule: 'a hook sleeps no longer than the pod may take to end',
    accepted: { [preStop]: { sleep: { seconds: 30 } } },
    refused: { [preStop]: { sleep: { seconds: 31 } } },
    errors: [`${preStop}.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`],
  },
];

const resize = `${main}.resizePolicy`;

const resizeRules: readonly Rule[] = [
  {
    rule: 'a resource is resized in one way',
    accepted: {
      [resize]: [
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        { resourceName: 'memory', restartPolicy: 'NotRequired' },
      ],
    },
    refused: {
      [resize]: [
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      ],
    },
    errors: [`${resize}[1]: Duplicate value: "cpu"`],
  },
  {
    rule: 'only cpu and memory are resized',
    accepted: { [resize]: [{ resourceName: 'memory', restartPolicy: 'NotRequired' }] },
    refused: { [resize]: [{ resourceName: 'storage', restartPolicy: 'NotRequired' }] },
    errors: [`${resize}: ${unsupported('storage', 'cpu', 'memory')}`],
  },
  {
    rule: 'a policy of resizing is about a resource',
    accepted: { [resize]: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    refused: { [resize]: [{ resourceName: '', restartPolicy: 'RestartContainer' }] },
    errors: [`${resize}: Required value`],
  },
  {
    rule: 'a container is resized by a known policy',
    accepted: { [resize]: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    refused: { [resize]: [{ resourceName: 'cpu', restartPolicy: 'Restart' }] },
    errors: [`${resize}: ${unsupported('Restart', 'NotRequired', 'RestartContainer')}`],
  },
  {
    rule: 'a policy of resizing says whether to restart',
    accepted: { [resize]: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] },
    refused: { [resize]: [{ resourceName: 'cpu', restartPolicy: '' }] },
    errors: [`${resize}: Required value`],
  },
  {
    rule: 'a container that is never restarted is not restarted to be resized',
    accepted: { 'spec.restartPolicy': 'OnFailure', [resize]: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    refused: { 'spec.restartPolicy': 'Never', [resize]: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    errors: [`${resize}: Invalid value: "RestartContainer": must be 'NotRequired' when \`restartPolicy\` is 'Never'`],
  },
];

const notForInit = 'may not be set for init containers without restartPolicy=Always';

const onlyForSidecars = (field: string, value: object): Rule => ({
  rule: `only sidecars among init containers have a ${field}`,
  accepted: { [init]: { ...sleeper, restartPolicy: 'Always', [field]: value } },
  refused: { [init]: { ...sleeper, [field]: value } },
  errors: [`${init}.${field}: Forbidden: ${notForInit}`],
});

const restartRules: readonly Rule[] = [
  onlyForSidecars('lifecycle', { preStop: exec }),
  onlyForSidecars('livenessProbe', exec),
  onlyForSidecars('readinessProbe', exec),
  onlyForSidecars('startupProbe', exec),
];

const ephemeral: readonly Rule[] = [
  {
    rule: 'a pod is made without ephemeral containers',
    accepted: { 'spec.ephemeralContainers': [] },
    refused: { 'spec.ephemeralContainers': [sleeper] },
    errors: ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  },
];

/** What containers of a pod are like, apart from what has files of its own. */
export const containerRules: readonly Rule[] = [
  ...names,
  ...portRules,
  ...probeRules,
  ...hookRules,
  ...resizeRules,
  ...restartRules,
  ...ephemeral,
];
