import type { Change } from '../change.js';
import type { Rule, RulesOfKind } from '../rule.js';
import { notLabel, notQualifiedName, notSubdomain, unsupported } from './format-messages.js';

const status = 'status.allocation';
const device = { driver: 'd.example.com', pool: 'p', device: 'a' };
const result = { request: 'r', ...device };
const allocation = { devices: { results: [result] } };
const times = (count: number) => Array.from({ length: count }, (_, i) => i);

/** What may become of a claim that has not got anything. */
const allocating = (rule: string, accepted: Change, refused: Change, ...errors: readonly string[]): Rule => ({
  rule,
  on: 'update/status',
  accepted: { [status]: allocation, ...accepted },
  refused: { [status]: allocation, ...refused },
  errors,
});

const resultRule = (rule: string, field: string, accepted: unknown, refused: unknown, ...problems: readonly string[]): Rule => {
  const path = `${status}.devices.results[0].${field}`;
  return allocating(rule, { [path]: accepted }, { [path]: refused }, ...problems.map((problem) => `${path}: ${problem}`));
};

const config = `${status}.devices.config`;
const told = { source: 'FromClaim', opaque: { driver: 'd.example.com', parameters: {} } };
const configRule = (rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule =>
  allocating(
    rule,
    { [config]: [{ ...told, ...accepted }] },
    { [config]: [{ ...told, ...refused }] },
    ...problems.map((problem) => `${config}[0].${problem}`),
  );

const unknownRequest = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

const allocationRules: readonly Rule[] = [
  resultRule('what is given is asked for', 'request', 'r', 'q', `Invalid value: "q": ${unknownRequest}`),
  resultRule('an alternative is one', 'request', 's/a', 's/b', `Invalid value: "s/b": ${unknownRequest}`),
  resultRule('there are no alternatives to alternatives', 'request', 's', 's/a/b', `Invalid value: "s/a/b": ${unknownRequest}`),
  resultRule('requests are labels', 'request', 'r', 'R', `Invalid value: "R": ${notLabel}`, `Invalid value: "R": ${unknownRequest}`),
  resultRule('a device has a driver', 'driver', 'D.example.com', '', 'Required value', `Invalid value: "": ${notSubdomain}`),
  resultRule('drivers have short names', 'driver', 'd'.repeat(63), 'd'.repeat(64), 'Too long: may not be more than 63 bytes'),
  resultRule('a device is of a pool', 'pool', 'p', '', 'Required value'),
  resultRule('pools are paths of subdomains', 'pool', 'a.b/c', 'a/', `Invalid value: "": ${notSubdomain}`),
  resultRule(
    'pools have names that are not too long',
    'pool',
    `${'a'.repeat(126)}/${'b'.repeat(126)}`,
    `${'a'.repeat(127)}/${'b'.repeat(126)}`,
    'Too long: may not be more than 253 bytes',
  ),
  resultRule('devices are labels', 'device', '0', 'a.b', 'Invalid value: "a.b": must not contain dots'),
  allocating(
    'no more than 32 devices are given',
    { [`${status}.devices.results`]: times(32).map(() => result) },
    { [`${status}.devices.results`]: times(33).map(() => result) },
    `${status}.devices.results: Too many: 33: must have at most 32 items`,
  ),
  allocating(
    'others are given nothing that only an administrator may use',
    { [`${status}.devices.results[0].adminAccess`]: false },
    { [`${status}.devices.results[0].adminAccess`]: true },
    `${status}.devices.results[0].adminAccess: Forbidden: admin access to devices requires the ` +
      '`resource.kubernetes.io/admin-access: true` label on the containing namespace',
  ),
  configRule('it is told where a configuration is from', { source: 'FromClass' }, { source: '' }, 'source: Required value'),
  configRule(
    'a configuration is from a class or a claim',
    {},
    { source: 'Other' },
    `source: ${unsupported('Other', 'FromClaim', 'FromClass')}`,
  ),
  configRule(
    'a configuration is for requests',
    { requests: ['r', 's/a'] },
    { requests: ['q'] },
    `requests[0]: Invalid value: "q": ${unknownRequest}`,
  ),
  configRule('a request is named once', { requests: ['r'] }, { requests: ['r', 'r'] }, 'requests[1]: Duplicate value: "r"'),
  configRule('a configuration says something', {}, { opaque: undefined }, 'opaque: Required value'),
  configRule(
    'parameters are an object',
    {},
    { opaque: { ...told.opaque, parameters: [] } },
    'opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
  ),
  configRule(
    'parameters have 10 KiB at most',
    { opaque: { ...told.opaque, parameters: { a: 'x'.repeat(10 * 1024 - 8) } } },
    { opaque: { ...told.opaque, parameters: { a: 'x'.repeat(10 * 1024 - 7) } } },
    'opaque.parameters: Too long: may not be more than 10240 bytes',
  ),
  allocating(
    'a selector of nodes has terms',
    { [`${status}.nodeSelector`]: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }] } },
    { [`${status}.nodeSelector`]: { nodeSelectorTerms: [] } },
    `${status}.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term`,
  ),
  {
    rule: 'an allocation stays',
    on: 'update/status',
    before: { [status]: allocation },
    accepted: { [status]: undefined },
    refused: { [`${status}.devices.results[0].pool`]: 'q' },
    errors: [
      `${status}: Invalid value: {"Devices":{"Results":[{"Request":"r","Driver":"d.example.com","Pool":"q","Device":"a","AdminAccess":null,` +
        '"Tolerations":null,"BindingConditions":null,"BindingFailureConditions":null,"ShareID":null,"ConsumedCapacity":null}],"Config":null},' +
        '"NodeSelector":null,"AllocationTimestamp":null}: field is immutable',
    ],
  },
];

const users = 'status.reservedFor';
const user = { resource: 'pods', name: 'p', uid: 'u' };
const userRule = (rule: string, accepted: readonly object[], refused: readonly object[], ...errors: readonly string[]): Rule =>
  allocating(rule, { [users]: accepted }, { [users]: refused }, ...errors);

const reservationRules: readonly Rule[] = [
  userRule('a user has a kind', [user], [{ ...user, resource: '' }], `${users}[0].resource: Required value`),
  userRule('a user has a name', [user], [{ ...user, name: '' }], `${users}[0].name: Required value`),
  userRule('a user has a UID', [user], [{ ...user, uid: '' }], `${users}[0].uid: Required value`),
  userRule('users are there once', [user, { ...user, uid: 'v' }], [user, { ...user, name: 'q' }], `${users}[1].uid: Duplicate value: "u"`),
  userRule(
    'there are 256 users at most',
    times(256).map((i) => ({ ...user, uid: `u${i}` })),
    times(257).map((i) => ({ ...user, uid: `u${i}` })),
    `${users}: Too many: 257: must have at most 256 items`,
  ),
  {
    rule: 'what is not allocated is not reserved',
    on: 'update/status',
    accepted: { [users]: [] },
    refused: { [users]: [user] },
    errors: [`${users}: Forbidden: may not be specified when \`allocated\` is not set`],
  },
  {
    rule: 'what is being deleted is not reserved for others',
    on: 'update/status',
    before: { 'metadata.finalizers': ['a.b/c'], [status]: allocation, [users]: [user] },
    deleting: true,
    accepted: { [users]: [] },
    refused: { [users]: [user, { ...user, uid: 'v' }] },
    errors: [`${users}: Forbidden: new entries may not be added while \`deallocationRequested\` or \`deletionTimestamp\` are set`],
  },
];

const devices = 'status.devices';
const notAllocated = `${devices}[0]: Invalid value: {"Driver":{},"Pool":{},"Device":{},"ShareID":{}}: must be an allocated device in the claim`;
const condition = { type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z', reason: 'A', message: '' };

/** What drivers may say of a device. */
const said = (rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule => ({
  rule,
  on: 'update/status',
  before: { [status]: allocation },
  accepted: { [devices]: [{ ...device, ...accepted }] },
  refused: { [devices]: [{ ...device, ...refused }] },
  errors,
});

const onNetwork = (rule: string, accepted: object, refused: object, problem: string): Rule =>
  said(rule, { networkData: accepted }, { networkData: refused }, `${devices}[0].networkData.${problem}`);

const deviceRules: readonly Rule[] = [
  said('a device is allocated', {}, { device: 'b' }, notAllocated),
  said(
    'it is told whose device it is',
    {},
    { driver: '' },
    `${devices}[0].driver: Required value`,
    `${devices}[0].driver: Invalid value: "": ${notSubdomain}`,
    notAllocated,
  ),
  said('it is told which pool the device is of', {}, { pool: '' }, `${devices}[0].pool: Required value`, notAllocated),
  said('it is told which device it is', {}, { device: 'A' }, `${devices}[0].device: Invalid value: "A": ${notLabel}`, notAllocated),
  {
    rule: 'devices are told of once',
    on: 'update/status',
    before: { [`${status}.devices.results`]: [result, { ...result, device: 'b' }] },
    accepted: { [devices]: [device, { ...device, device: 'b' }] },
    refused: { [devices]: [device, device] },
    errors: [`${devices}[1].deviceID: Duplicate value: {"Driver":{},"Pool":{},"Device":{},"ShareID":{}}`],
  },
  said(
    'a device has no more than eight conditions',
    { conditions: times(8).map((i) => ({ ...condition, type: `C${i}` })) },
    { conditions: times(9).map((i) => ({ ...condition, type: `C${i}` })) },
    `${devices}[0].conditions: Too many: 9: must have at most 8 items`,
  ),
  said(
    'conditions of a device have types',
    { conditions: [condition] },
    { conditions: [{ ...condition, type: '-' }] },
    `${devices}[0].conditions[0].type: Invalid value: "-": ${notQualifiedName}`,
  ),
  said(
    'conditions of a device are there once',
    { conditions: [condition, { ...condition, type: 'Used' }] },
    { conditions: [condition, condition] },
    `${devices}[0].conditions[1].type: Duplicate value: "Ready"`,
  ),
  said(
    'data are an object',
    { data: { a: [1] } },
    { data: 'a' },
    `${devices}[0].data: Invalid value: "<value omitted>": must be a valid JSON object`,
  ),
  said(
    'data have 10 KiB at most',
    { data: { a: 'x'.repeat(10 * 1024 - 8) } },
    { data: { a: 'x'.repeat(10 * 1024 - 7) } },
    `${devices}[0].data: Too long: may not be more than 10240 bytes`,
  ),
  onNetwork(
    'interfaces have short names',
    { interfaceName: 'e'.repeat(256) },
    { interfaceName: 'e'.repeat(257) },
    'interfaceName: Too long: may not be more than 256 bytes',
  ),
  onNetwork(
    'hardware has short addresses',
    { hardwareAddress: 'e'.repeat(128) },
    { hardwareAddress: 'e'.repeat(129) },
    'hardwareAddress: Too long: may not be more than 128 bytes',
  ),
  onNetwork(
    'addresses are in networks',
    { ips: ['10.9.8.7/24', '2001:db8::1/64'] },
    { ips: ['10.9.8.7'] },
    'ips[0]: Invalid value: "10.9.8.7": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
  ),
  onNetwork(
    'addresses are written in their own form',
    { ips: ['2001:db8::1/64'] },
    { ips: ['2001:0db8::1/64'] },
    'ips[0]: Invalid value: "2001:0db8::1/64": must be in canonical form ("2001:db8::1/64")',
  ),
  onNetwork(
    'addresses have no leading zeros',
    { ips: ['10.9.8.7/24'] },
    { ips: ['010.9.8.7/24'] },
    'ips[0]: Invalid value: "010.9.8.7/24": must be in canonical form ("10.9.8.7/24")',
  ),
  onNetwork(
    'addresses of IPv4 are written as such',
    { ips: ['192.168.0.1/24'] },
    { ips: ['::ffff:192.168.0.1/120'] },
    'ips[0]: Invalid value: "::ffff:192.168.0.1/120": must be in canonical form ("192.168.0.1/24")',
  ),
  onNetwork(
    'addresses are there once',
    { ips: ['10.0.0.1/8'] },
    { ips: ['10.0.0.1/8', '10.0.0.1/8'] },
    'ips[1]: Duplicate value: "10.0.0.1/8"',
  ),
  onNetwork(
    'there are 16 addresses at most',
    { ips: times(16).map((i) => `10.0.0.${i}/8`) },
    { ips: times(17).map((i) => `10.0.0.${i}/8`) },
    'ips: Too many: 17: must have at most 16 items',
  ),
];

export const resourceClaims: RulesOfKind = {
  collection: '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims',
  kind: 'ResourceClaim.resource.k8s.io',
  example: {
    spec: {
      devices: {
        requests: [
          { name: 'r', exactly: { deviceClassName: 'c' } },
          { name: 's', firstAvailable: [{ name: 'a', deviceClassName: 'c' }] },
        ],
      },
    },
  },
  rules: [...allocationRules, ...reservationRules, ...deviceRules],
};
