import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notConfigMapKey, notEnvVarName, notQualifiedName, notSubdomain, unsupported } from '../format-messages.js';

const env = 'spec.containers[0].env';
const source = `${env}[0].valueFrom`;
const envFrom = 'spec.containers[0].envFrom';
const podFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const bytes = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';

const from = (rule: string, accepted: object, refused: object, ...errors: string[]): Rule => ({
  rule,
  accepted: { [env]: [{ name: 'A', valueFrom: accepted }] },
  refused: { [env]: [{ name: 'A', valueFrom: refused }] },
  errors: errors.map((error) => `${source}${error}`),
});

const field = (fieldPath: string) => ({ fieldRef: { fieldPath } });
const resource = (name: string, divisor?: string) => ({ resourceFieldRef: { resource: name, ...(divisor && { divisor }) } });
const key = (name: string, value: string) => ({ configMapKeyRef: { name, key: value } });
const secretKey = (name: string, value: string) => ({ secretKeyRef: { name, key: value } });

const variables: readonly Rule[] = [
  fieldRule('a variable has a name', `${env}[0].name`, 'A', '', 'Required value'),
  fieldRule('the name of a variable is printable and without =', `${env}[0].name`, '1 a~', 'a=b', `Invalid value: "a=b": ${notEnvVarName}`),
  from(
    'a variable that has its value from somewhere says where',
    field('metadata.name'),
    {},
    ': Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
  ),
  {
    rule: 'a variable has its value in one way',
    accepted: { [env]: [{ name: 'A', value: '', valueFrom: field('metadata.name') }] },
    refused: { [env]: [{ name: 'A', value: 'a', valueFrom: field('metadata.name') }] },
    errors: [`${source}: Invalid value: "": may not be specified when \`value\` is not empty`],
  },
  from(
    'a variable has its value from one place',
    secretKey('a', 'b'),
    { ...secretKey('a', 'b'), ...key('a', 'b') },
    ': Invalid value: "": may not have more than one field specified at a time',
  ),
];

const fields: readonly Rule[] = [
  from('a variable tells of a field', field('status.podIPs'), field(''), '.fieldRef.fieldPath: Required value'),
  from(
    'a variable tells of a field that is known',
    field('spec.nodeName'),
    field('spec.hostname'),
    '.fieldRef.fieldPath: Invalid value: "spec.hostname": error converting fieldPath: field label not supported: spec.hostname',
  ),
  from(
    'a variable tells of a field that it may',
    field('spec.serviceAccountName'),
    field('spec.schedulerName'),
    `.fieldRef.fieldPath: ${unsupported('spec.schedulerName', ...podFields)}`,
  ),
  from(
    'a variable tells of one label, not all',
    field("metadata.labels['a.b/c']"),
    field('metadata.labels'),
    `.fieldRef.fieldPath: ${unsupported('metadata.labels', ...podFields)}`,
  ),
  from(
    'only labels and annotations are told one by one',
    field("metadata.annotations['a.b/c']"),
    field("metadata.name['a']"),
    `.fieldRef.fieldPath: Invalid value: "metadata.name['a']": error converting fieldPath: field label does not support subscript: metadata.name['a']`,
  ),
  from(
    'a label that is told has a proper key',
    field("metadata.labels['A_1']"),
    field("metadata.labels['-a']"),
    `.fieldRef: Invalid value: "-a": ${notQualifiedName}`,
  ),
  from(
    'a variable tells of a field of a known version',
    { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
    { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } },
    '.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
  ),
];

const amounts: readonly Rule[] = [
  from('a variable tells of a resource', resource('limits.cpu'), resource(''), '.resourceFieldRef.resource: Required value'),
  from(
    'a variable tells of a resource that it may',
    resource('requests.hugepages-2Mi'),
    resource('limits.storage'),
    `.resourceFieldRef.resource: ${unsupported('limits.storage', ...resources)}`,
  ),
  from(
    'cpu is told in cores or thousandths',
    resource('limits.cpu', '1m'),
    resource('limits.cpu', '10m'),
    '.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
  ),
  from(
    'memory is told in usual units',
    resource('requests.memory', '1Ei'),
    resource('requests.memory', '1m'),
    `.resourceFieldRef.divisor: Invalid value: "requests.memory": only divisor's values ${bytes} are supported with the memory resource`,
  ),
  from(
    'local storage is told in usual units',
    resource('limits.ephemeral-storage', '1k'),
    resource('limits.ephemeral-storage', '2k'),
    `.resourceFieldRef.divisor: Invalid value: "limits.ephemeral-storage": only divisor's values ${bytes} are supported with the local ephemeral storage resource`,
  ),
  from(
    'huge pages are told in usual units',
    resource('limits.hugepages-2Mi', '1Mi'),
    resource('limits.hugepages-2Mi', '2Mi'),
    `.resourceFieldRef.divisor: Invalid value: "limits.hugepages-2Mi": only divisor's values ${bytes} are supported with the hugepages resource`,
  ),
];

const keys: readonly Rule[] = [
  from(
    'a value is from a config map with a proper name',
    key('a.b', 'k'),
    key('A', 'k'),
    `.configMapKeyRef.name: Invalid value: "A": ${notSubdomain}`,
  ),
  from('a value is from a key of a config map', key('a', 'k'), key('a', ''), '.configMapKeyRef.key: Required value'),
  from('the key of a config map is proper', key('a', 'K_1'), key('a', '/'), `.configMapKeyRef.key: Invalid value: "/": ${notConfigMapKey}`),
  from(
    'the key of a config map does not climb',
    key('a', '.a'),
    key('a', '..'),
    '.configMapKeyRef.key: Invalid value: "..": must not be \'..\'',
  ),
  from(
    'a value is from a secret with a proper name',
    secretKey('a.b', 'k'),
    secretKey('A', 'k'),
    `.secretKeyRef.name: Invalid value: "A": ${notSubdomain}`,
  ),
  from('a value is from a key of a secret', secretKey('a', 'k'), secretKey('a', ''), '.secretKeyRef.key: Required value'),
  from(
    'the key of a secret is proper',
    secretKey('a', 'K_1'),
    secretKey('a', '/'),
    `.secretKeyRef.key: Invalid value: "/": ${notConfigMapKey}`,
  ),
];

const configMapRef = { name: 'a' };

const all: readonly Rule[] = [
  {
    rule: 'the prefix of variables is printable and without =',
    accepted: { [envFrom]: [{ prefix: '1-', configMapRef }] },
    refused: { [envFrom]: [{ prefix: '=', configMapRef }] },
    errors: [`${envFrom}[0].prefix: Invalid value: "=": ${notEnvVarName}`],
  },
  fieldRule(
    'variables are from somewhere',
    envFrom,
    [{ configMapRef }],
    [{}],
    'Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
  ),
  fieldRule(
    'variables are from one place',
    envFrom,
    [{ configMapRef }, { secretRef: configMapRef }],
    [{ configMapRef, secretRef: configMapRef }],
    'Invalid value: "": may not have more than one field specified at a time',
  ),
  fieldRule('variables are from a config map with a name', `${envFrom}[0].configMapRef.name`, 'a', '', 'Required value'),
  fieldRule(
    'variables are from a config map with a proper name',
    `${envFrom}[0].configMapRef.name`,
    'a.b',
    'A',
    `Invalid value: "A": ${notSubdomain}`,
  ),
  fieldRule('variables are from a secret with a name', `${envFrom}[0].secretRef.name`, 'a', '', 'Required value'),
  fieldRule(
    'variables are from a secret with a proper name',
    `${envFrom}[0].secretRef.name`,
    'a.b',
    'A',
    `Invalid value: "A": ${notSubdomain}`,
  ),
];

/** Variables of containers, and where they have their values from. */
export const environmentRules: readonly Rule[] = [...variables, ...fields, ...amounts, ...keys, ...all];
