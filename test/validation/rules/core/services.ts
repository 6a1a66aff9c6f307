import type { Rule, RulesOfKind } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notIp, notLabel, notLabelValue, notPort, notQualifiedName, notSubdomain, unsupported } from '../format-messages.js';
import { serviceChangeRules } from './service-change-rules.js';

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
const http = { name: 'http', port: 80 };
const balancer = { 'spec.type': 'LoadBalancer' };

/** What the only port may be. */
const portRule = (rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule => ({
  rule,
  accepted: { 'spec.ports': [{ ...http, ...accepted }] },
  refused: { 'spec.ports': [{ ...http, ...refused }] },
  errors: problems.map((problem) => `spec.ports[0].${problem}`),
});

/** What may be written where something else is. */
const when = (given: object, { rule, accepted, refused, errors }: Rule): Rule => ({
  rule,
  accepted: { ...given, ...accepted },
  refused: { ...given, ...refused },
  errors,
});

const portRules: Rule[] = [
  {
    rule: 'there are ports, unless there is no address',
    accepted: { 'spec.ports': [], 'spec.clusterIP': 'None' },
    refused: { 'spec.ports': [] },
    errors: ['spec.ports: Required value'],
  },
  {
    rule: 'ports have names, but for the only one',
    accepted: { 'spec.ports': [{ port: 80 }] },
    refused: { 'spec.ports': [http, { port: 81 }] },
    errors: ['spec.ports[1].name: Required value'],
  },
  portRule('the name of a port is a label', { name: 'a-1' }, { name: 'A' }, `name: Invalid value: "A": ${notLabel}`),
  {
    rule: 'ports have names of their own',
    accepted: { 'spec.ports': [http, { name: 'other', port: 81 }] },
    refused: { 'spec.ports': [http, { name: 'http', port: 81 }] },
    errors: ['spec.ports[1].name: Duplicate value: "http"'],
  },
  portRule('ports are numbered up to 65535', { port: 65_535 }, { port: 65_536, targetPort: 1 }, `port: Invalid value: 65536: ${notPort}`),
  portRule(
    'the protocol is one that there is',
    { protocol: 'SCTP' },
    { protocol: 'ICMP' },
    `protocol: ${unsupported('ICMP', 'SCTP', 'TCP', 'UDP')}`,
  ),
  portRule(
    'ports of pods are numbered up to 65535',
    { targetPort: 65_535 },
    { targetPort: 65_536 },
    `targetPort: Invalid value: 65536: ${notPort}`,
  ),
  portRule(
    'the name of a port of pods is short',
    { targetPort: 'a'.repeat(15) },
    { targetPort: 'a'.repeat(16) },
    `targetPort: Invalid value: "${'a'.repeat(16)}": must be no more than 15 characters`,
  ),
  portRule(
    'the protocol above has a qualified name',
    { appProtocol: 'a.b/c' },
    { appProtocol: '-' },
    `appProtocol: Invalid value: "-": ${notQualifiedName}`,
  ),
  {
    rule: 'a port is there once for a protocol',
    accepted: { 'spec.ports': [http, { name: 'other', port: 80, protocol: 'UDP' }] },
    refused: { 'spec.ports': [http, { name: 'other', port: 80 }] },
    errors: ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}'],
  },
  {
    rule: 'only what is reached from outside has ports of nodes',
    accepted: { 'spec.type': 'NodePort', 'spec.ports[0].nodePort': 32_001 },
    refused: { 'spec.ports[0].nodePort': 32_001 },
    errors: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  },
  {
    rule: 'a port of nodes is there once for a protocol',
    accepted: {
      'spec.type': 'NodePort',
      'spec.ports': [
        { ...http, nodePort: 32_002 },
        { name: 'other', port: 80, protocol: 'UDP', nodePort: 32_002 },
      ],
    },
    refused: {
      'spec.type': 'NodePort',
      'spec.ports': [
        { ...http, nodePort: 32_002 },
        { name: 'other', port: 81, nodePort: 32_002 },
      ],
    },
    errors: ['spec.ports[1].nodePort: Invalid value: 32002: provided port is already allocated'],
  },
  {
    rule: 'ports of nodes are of a range',
    // A dry run takes none, and so does not ask for the range.
    on: 'update',
    before: { 'spec.type': 'NodePort' },
    accepted: { 'spec.ports[0].nodePort': 32_767 },
    refused: { 'spec.ports[0].nodePort': 32_768 },
    errors: [
      'spec.ports[0].nodePort: Invalid value: 32768: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  },
];

const externalName = { spec: { type: 'ExternalName', externalName: 'a.b' } };

const typeRules: Rule[] = [
  fieldRule(
    'the type is one that there is',
    'spec.type',
    'NodePort',
    'Magic',
    unsupported('Magic', 'ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'),
  ),
  ...['LoadBalancer', 'NodePort'].map(
    (type): Rule => ({
      rule: `a service of type ${type} has an address`,
      accepted: { 'spec.type': type },
      refused: { 'spec.type': type, 'spec.clusterIP': 'None' },
      errors: [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for ${type} services`],
    }),
  ),
  {
    rule: 'a service that is a name has one',
    accepted: externalName,
    refused: { ...externalName, 'spec.externalName': '' },
    errors: ['spec.externalName: Required value'],
  },
  {
    rule: 'the name is a subdomain, with a dot at its end or not',
    accepted: { ...externalName, 'spec.externalName': 'a.b.' },
    refused: { ...externalName, 'spec.externalName': 'A' },
    errors: [`spec.externalName: Invalid value: "A": ${notSubdomain}`],
  },
  {
    rule: 'a service that is a name has no address, family or policy',
    accepted: externalName,
    refused: { ...externalName, 'spec.clusterIP': '10.0.0.9', 'spec.ipFamilies': ['IPv4'], 'spec.ipFamilyPolicy': 'SingleStack' },
    errors: ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map(
      (field) => `spec.${field}: Forbidden: may not be set for ExternalName services`,
    ),
  },
];

const affinityPath = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
const sticky = { 'spec.sessionAffinity': 'ClientIP' };

const affinityRules: Rule[] = [
  fieldRule('pods are selected by labels', 'spec.selector', { a: 'b' }, { a: '-' }, `Invalid value: "-": ${notLabelValue}`),
  fieldRule(
    'clients stick to pods in a way that there is',
    'spec.sessionAffinity',
    'ClientIP',
    'Cookie',
    unsupported('Cookie', 'ClientIP', 'None'),
  ),
  ...[0, 86_401].map((seconds) =>
    when(
      sticky,
      fieldRule(
        `clients stick to pods for up to a day, not ${seconds} seconds`,
        affinityPath,
        seconds === 0 ? 1 : 86_400,
        seconds,
        `Invalid value: ${seconds}: must be greater than 0 and less than 86400`,
      ),
    ),
  ),
];

const addressRules: Rule[] = [
  ...(
    [
      ['a', notIp],
      ['0.0.0.0', 'may not be unspecified (0.0.0.0)'],
      ['127.0.0.1', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
      ['169.254.1.1', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
      ['224.0.0.1', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
    ] as const
  ).map(([ip, problem]) =>
    fieldRule(
      `an address outside is one that others reach, not ${ip}`,
      'spec.externalIPs[0]',
      '1.2.3.4',
      ip,
      `Invalid value: "${ip}": ${problem}`,
    ),
  ),
  {
    rule: 'all addresses are told when one is',
    accepted: { 'spec.clusterIPs': ['10.0.0.21'], 'spec.clusterIP': '10.0.0.21' },
    refused: { 'spec.clusterIPs': ['10.0.0.22'], 'spec.clusterIP': '10.0.0.21' },
    errors: ['spec.clusterIPs: Invalid value: ["10.0.0.22"]: first value must match `clusterIP`'],
  },
  {
    rule: 'the first address is told when others are',
    accepted: { 'spec.clusterIP': '10.0.0.23' },
    refused: { 'spec.clusterIPs': ['10.0.0.23'] },
    errors: ['spec.clusterIPs: Invalid value: ["10.0.0.23"]: must be empty when `clusterIP` is not specified'],
  },
  {
    rule: 'who has no address has no second one',
    accepted: { 'spec.clusterIP': 'None', 'spec.clusterIPs': ['None'] },
    refused: { 'spec.clusterIP': 'None', 'spec.clusterIPs': ['None', '10.0.0.24'] },
    errors: ['spec.clusterIPs: Invalid value: ["None","10.0.0.24"]: \'None\' must be the first and only value'],
  },
  {
    rule: 'an address is one',
    accepted: { 'spec.clusterIP': '10.0.0.25' },
    refused: { 'spec.clusterIP': 'a' },
    errors: [`spec.clusterIPs[0]: Invalid value: "a": ${notIp}`],
  },
  {
    rule: 'there is one address of a family',
    accepted: { 'spec.clusterIP': '10.0.0.26' },
    refused: { 'spec.clusterIP': '10.0.0.26', 'spec.clusterIPs': ['10.0.0.26', '10.0.0.27'] },
    errors: ['spec.clusterIPs: Invalid value: ["10.0.0.26","10.0.0.27"]: may specify no more than one IP for each IP family'],
  },
  {
    rule: 'a family is one that there is',
    accepted: { 'spec.ipFamilies': ['IPv4'] },
    refused: { 'spec.ipFamilies': ['IPv5'] },
    errors: [`spec.ipFamilies[0]: ${unsupported('IPv5', 'IPv4', 'IPv6')}`],
  },
  {
    rule: 'a family is named once',
    accepted: { 'spec.ipFamilies': ['IPv4'] },
    refused: { 'spec.ipFamilies': ['IPv4', 'IPv4'] },
    errors: ['spec.ipFamilies[1]: Duplicate value: "IPv4"'],
  },
  fieldRule(
    'the policy about families is one that there is',
    'spec.ipFamilyPolicy',
    'PreferDualStack',
    'Any',
    unsupported('Any', 'PreferDualStack', 'RequireDualStack', 'SingleStack'),
  ),
  {
    rule: 'addresses are of the range of services',
    accepted: { 'spec.clusterIP': '10.0.0.28' },
    refused: { 'spec.clusterIP': '10.1.0.1' },
    errors: [
      'spec.clusterIPs: Invalid value: ["10.1.0.1"]: failed to allocate IP 10.1.0.1: the provided IP (10.1.0.1) is not in the valid range. ' +
        'The range of valid IPs is 10.0.0.0/24',
    ],
  },
];

const balancerRules: Rule[] = [
  {
    rule: 'clients of load balancers are a range',
    accepted: { ...balancer, 'spec.loadBalancerSourceRanges': [' 10.0.0.0/8 '] },
    refused: { ...balancer, 'spec.loadBalancerSourceRanges': ['10.0.0.0'] },
    errors: [`spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": ${notCidr}`],
  },
  {
    rule: 'only load balancers know their clients',
    accepted: { ...balancer, 'spec.loadBalancerSourceRanges': ['10.0.0.0/8'] },
    refused: { 'spec.loadBalancerSourceRanges': ['10.0.0.0/8'] },
    errors: [`spec.LoadBalancerSourceRanges: Forbidden: ${onlyLoadBalancer}`],
  },
  {
    rule: 'only load balancers may go without ports of nodes',
    accepted: { ...balancer, 'spec.allocateLoadBalancerNodePorts': false },
    refused: { 'spec.allocateLoadBalancerNodePorts': false },
    errors: [`spec.allocateLoadBalancerNodePorts: Forbidden: ${onlyLoadBalancer}`],
  },
  {
    rule: 'only load balancers have a class',
    accepted: { ...balancer, 'spec.loadBalancerClass': 'a.b/c' },
    refused: { 'spec.loadBalancerClass': 'a.b/c' },
    errors: [`spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`],
  },
  when(
    balancer,
    fieldRule('the class has a qualified name', 'spec.loadBalancerClass', 'a', '-', `Invalid value: "-": ${notQualifiedName}`),
  ),
  {
    rule: 'the class does not change',
    on: 'update',
    before: { ...balancer, 'spec.loadBalancerClass': 'a' },
    accepted: { 'metadata.labels.a': 'b' },
    refused: { 'spec.loadBalancerClass': 'b' },
    errors: ['spec.loadBalancerClass: Invalid value: "b": may not change once set'],
  },
];

const trafficRules: Rule[] = [
  when(
    balancer,
    fieldRule(
      'traffic from outside goes a way that there is',
      'spec.externalTrafficPolicy',
      'Local',
      'Far',
      unsupported('Far', 'Cluster', 'Local'),
    ),
  ),
  {
    rule: 'what is not reached from outside says nothing of traffic from there',
    accepted: { 'spec.type': 'NodePort', 'spec.externalTrafficPolicy': 'Local' },
    refused: { 'spec.externalTrafficPolicy': 'Local' },
    errors: ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  },
  {
    rule: 'only local traffic of load balancers needs checks of health',
    accepted: { ...balancer, 'spec.externalTrafficPolicy': 'Local', 'spec.healthCheckNodePort': 32_101 },
    refused: { ...balancer, 'spec.healthCheckNodePort': 32_101 },
    errors: [
      "spec.healthCheckNodePort: Invalid value: 32101: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  },
  {
    rule: 'the port for checks of health does not change',
    on: 'update',
    before: { ...balancer, 'spec.externalTrafficPolicy': 'Local' },
    accepted: { 'metadata.labels.a': 'b' },
    refused: { 'spec.healthCheckNodePort': 32_103 },
    errors: ['spec.healthCheckNodePort: Forbidden: field is immutable'],
  },
  fieldRule(
    'traffic from inside goes a way that there is',
    'spec.internalTrafficPolicy',
    'Local',
    'Far',
    unsupported('Far', 'Cluster', 'Local'),
  ),
  fieldRule(
    'traffic is spread in a way that there is',
    'spec.trafficDistribution',
    'PreferSameNode',
    'Even',
    unsupported('Even', 'PreferClose', 'PreferSameZone', 'PreferSameNode'),
  ),
];

export const services: RulesOfKind = {
  collection: '/api/v1/namespaces/default/services',
  kind: 'Service',
  example: { spec: { selector: { app: 'a' }, ports: [http] } },
  rules: [...portRules, ...typeRules, ...affinityRules, ...addressRules, ...balancerRules, ...trafficRules, ...serviceChangeRules],
};
