import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notIp, notLabel, notSubdomain, unsupported } from '../format-messages.js';

const dns = 'spec.dnsConfig';
const ips = ['10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1'];
const searches = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);
const long = `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(59);
const fill = (last: number) => [...Array.from({ length: 8 }, () => long), 'c'.repeat(last)];

const policies: readonly Rule[] = [
  fieldRule(
    'a pod is restarted by a known policy',
    'spec.restartPolicy',
    'Never',
    'Sometimes',
    unsupported('Sometimes', 'Always', 'OnFailure', 'Never'),
  ),
  fieldRule(
    'a pod looks names up by a known policy',
    'spec.dnsPolicy',
    'Default',
    'Host',
    unsupported('Host', 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'),
  ),
];

const dnsRules: readonly Rule[] = [
  {
    rule: 'a pod without the DNS of others says how it looks names up',
    accepted: { 'spec.dnsPolicy': 'None', [dns]: { nameservers: ['10.0.0.1'] } },
    refused: { 'spec.dnsPolicy': 'None' },
    errors: [`${dns}: Required value: must provide \`dnsConfig\` when \`dnsPolicy\` is None`],
  },
  {
    rule: 'a pod without the DNS of others has a nameserver',
    accepted: { 'spec.dnsPolicy': 'None', [dns]: { nameservers: ['10.0.0.1'] } },
    refused: { 'spec.dnsPolicy': 'None', [dns]: { nameservers: [] } },
    errors: [`${dns}.nameservers: Required value: must provide at least one DNS nameserver when \`dnsPolicy\` is None`],
  },
  fieldRule(
    'there are at most 3 nameservers',
    `${dns}.nameservers`,
    ips.slice(0, 3),
    ips,
    `Invalid value: ${JSON.stringify(ips)}: must not have more than 3 nameservers`,
  ),
  fieldRule(
    'a nameserver has an address',
    `${dns}.nameservers[0]`,
    'fd00::1',
    'ns.example.com',
    `Invalid value: "ns.example.com": ${notIp}`,
  ),
  fieldRule(
    'there are at most 32 search paths',
    `${dns}.searches`,
    searches(32),
    searches(33),
    `Invalid value: ${JSON.stringify(searches(33))}: must not have more than 32 search paths`,
  ),
  fieldRule(
    'search paths have at most 2048 characters',
    `${dns}.searches`,
    fill(32),
    fill(33),
    `Invalid value: ${JSON.stringify(fill(33))}: must not have more than 2048 characters (including spaces) in the search list`,
  ),
  {
    rule: 'options of DNS have names',
    accepted: { [`${dns}.options`]: [{ name: 'a' }] },
    refused: { [`${dns}.options`]: [{ name: '' }] },
    errors: [`${dns}.options[0]: Required value: must not be empty`],
  },
];

const maxInt32 = 2 ** 31 - 1;
const notDeadline = `must be between 1 and ${maxInt32}, inclusive`;

const scalars: readonly Rule[] = [
  fieldRule('a pod runs for a time', 'spec.activeDeadlineSeconds', 1, 0, `Invalid value: 0: ${notDeadline}`),
  fieldRule(
    'the time that a pod runs for is limited',
    'spec.activeDeadlineSeconds',
    maxInt32,
    maxInt32 + 1,
    `Invalid value: ${maxInt32 + 1}: ${notDeadline}`,
  ),
  ...['hostname', 'subdomain'].map((field) =>
    fieldRule(`${field} is a label`, `spec.${field}`, 'a', 'A', `Invalid value: "A": ${notLabel}`),
  ),
  ...['serviceAccountName', 'nodeName'].map((field) =>
    fieldRule(`${field} is a subdomain`, `spec.${field}`, 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
  ),
];

const alias = 'spec.hostAliases[0]';

const hosts: readonly Rule[] = [
  fieldRule('an alias is of an address', `${alias}.ip`, '10.0.0.1', 'a', `Invalid value: "a": ${notIp}`),
  {
    rule: 'an alias is a name of a host',
    accepted: { [alias]: { ip: '10.0.0.1', hostnames: ['a.b'] } },
    refused: { [alias]: { ip: '10.0.0.1', hostnames: ['A'] } },
    errors: [`${alias}.hostnames[0]: Invalid value: "A": ${notSubdomain}`],
  },
  ...(
    [
      ['hostNetwork', 'hostNetwork'],
      ['hostPID', 'HostPID'],
      ['hostIPC', 'HostIPC'],
    ] as const
  ).map(([field, shown]) => ({
    rule: `a pod with users of its own has no ${field}`,
    accepted: { 'spec.hostUsers': true, [`spec.${field}`]: true },
    refused: { 'spec.hostUsers': false, [`spec.${field}`]: true },
    errors: [`spec.${shown}: Forbidden: when \`hostUsers\` is false`],
  })),
];

const annotations: readonly Rule[] = [
  {
    rule: 'a mirror of a pod of a node has that node',
    accepted: { 'metadata.annotations': { 'kubernetes.io/config.mirror': 'a' }, 'spec.nodeName': 'n' },
    refused: { 'metadata.annotations': { 'kubernetes.io/config.mirror': 'a' } },
    errors: [
      'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "a": must set spec.nodeName if mirror pod annotation is set',
    ],
  },
];

/** What is said of a pod as a whole. */
export const specRules: readonly Rule[] = [...policies, ...dnsRules, ...scalars, ...hosts, ...annotations];
