import type { Rule, RulesOfKind } from '../../rule.js';
import { notLabelValue, notPort, unsupported } from '../format-messages.js';

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** What a port of a rule may be, coming in or going out. */
function portRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  return {
    rule,
    accepted: { 'spec.ingress': [{ ports: [accepted] }], 'spec.egress': [{ ports: [accepted] }] },
    refused: { 'spec.ingress': [{ ports: [refused] }], 'spec.egress': [{ ports: [refused] }] },
    errors: ['ingress', 'egress'].flatMap((way) => problems.map((problem) => `spec.${way}[0].ports[0].${problem}`)),
  };
}

/** Who is at the other end of a rule. */
function peerRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  return {
    rule,
    accepted: { 'spec.ingress': [{ from: [accepted] }], 'spec.egress': [{ to: [accepted] }] },
    refused: { 'spec.ingress': [{ from: [refused] }], 'spec.egress': [{ to: [refused] }] },
    errors: ['ingress[0].from[0]', 'egress[0].to[0]'].flatMap((peer) => problems.map((problem) => `spec.${peer}${problem}`)),
  };
}

const portRules: Rule[] = [
  portRule(
    'the protocol is one that there is',
    { protocol: 'SCTP' },
    { protocol: 'ICMP' },
    `protocol: ${unsupported('ICMP', 'TCP', 'UDP', 'SCTP')}`,
  ),
  portRule('ports are numbered from 1', { port: 1 }, { port: 0 }, `port: Invalid value: 0: ${notPort}`),
  portRule(
    'ports have a letter in their name',
    { port: 'a1' },
    { port: '-' },
    'port: Invalid value: "-": must contain at least one letter (a-z)',
    'port: Invalid value: "-": must not begin or end with a hyphen',
  ),
  portRule(
    'ports end after they begin',
    { port: 80, endPort: 80 },
    { port: 80, endPort: 79 },
    'endPort: Invalid value: 80: must be greater than or equal to `port`',
  ),
  portRule(
    'the last port is one',
    { port: 80, endPort: 65_535 },
    { port: 80, endPort: 65_536 },
    `endPort: Invalid value: 65536: ${notPort}`,
  ),
  portRule(
    'a port by name is not the first of some',
    { port: 'http' },
    { port: '1', endPort: 80 },
    'endPort: Invalid value: 80: may not be specified when `port` is non-numeric',
    'port: Invalid value: "1": must contain at least one letter (a-z)',
  ),
  portRule(
    'there is no last port without a first one',
    { protocol: 'TCP' },
    { endPort: 80 },
    'endPort: Invalid value: 80: may not be specified when `port` is not specified',
  ),
];

const peerRules: Rule[] = [
  peerRule('a peer is something', { podSelector: {} }, {}, ': Required value: must specify a peer'),
  peerRule(
    'a peer is addresses or pods',
    { podSelector: {}, namespaceSelector: {} },
    { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
    ': Forbidden: may not specify both ipBlock and another peer',
  ),
  peerRule(
    'pods are selected by labels',
    { podSelector: { matchLabels: { a: 'b' } } },
    { podSelector: { matchLabels: { a: '-' } } },
    `.podSelector.matchLabels: Invalid value: "-": ${notLabelValue}`,
  ),
  peerRule(
    'namespaces are selected by labels',
    { namespaceSelector: { matchLabels: { a: 'b' } } },
    { namespaceSelector: { matchLabels: { a: '-' } } },
    `.namespaceSelector.matchLabels: Invalid value: "-": ${notLabelValue}`,
  ),
  peerRule('there are addresses', { ipBlock: { cidr: '::/0' } }, { ipBlock: { cidr: '' } }, '.ipBlock.cidr: Required value'),
  peerRule(
    'addresses are a range',
    { ipBlock: { cidr: '10.0.0.0/8' } },
    { ipBlock: { cidr: '10.0.0.0' } },
    `.ipBlock.cidr: Invalid value: "10.0.0.0": ${notCidr}`,
  ),
  peerRule(
    'addresses that are left out are a range',
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1'] } },
    `.ipBlock.except[0]: Invalid value: "10.1": ${notCidr}`,
  ),
  peerRule(
    'some, but not all addresses are left out',
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/9'] } },
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', '11.0.0.0/9'] } },
    '.ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    '.ipBlock.except[1]: Invalid value: "11.0.0.0/9": must be a strict subset of `cidr`',
  ),
];

export const networkPolicies: RulesOfKind = {
  collection: '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
  kind: 'NetworkPolicy.networking.k8s.io',
  example: { spec: { podSelector: {} } },
  rules: [
    {
      rule: 'the pods of a policy are selected by labels',
      accepted: { 'spec.podSelector': { matchLabels: { a: 'b' } } },
      refused: { 'spec.podSelector': { matchLabels: { a: '-' } } },
      errors: [`spec.podSelector.matchLabels: Invalid value: "-": ${notLabelValue}`],
    },
    ...portRules,
    ...peerRules,
    {
      rule: 'there are two types of policies',
      accepted: { 'spec.policyTypes': ['Ingress', 'Egress'] },
      refused: { 'spec.policyTypes': ['Ingress', 'Egress', 'Ingress'] },
      errors: ['spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes'],
    },
    {
      rule: 'the type of a policy is one that there is',
      accepted: { 'spec.policyTypes': ['Egress'] },
      refused: { 'spec.policyTypes': ['Both'] },
      errors: [`spec.policyTypes[0]: ${unsupported('Both', 'Ingress', 'Egress')}`],
    },
    {
      rule: 'what is changed is looked at twice',
      on: 'update',
      accepted: { 'spec.policyTypes': ['Egress'] },
      refused: { 'spec.policyTypes': ['Both'] },
      errors: Array(2).fill(`spec.policyTypes[0]: ${unsupported('Both', 'Ingress', 'Egress')}`),
    },
  ],
};
