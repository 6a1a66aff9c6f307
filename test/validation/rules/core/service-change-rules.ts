import type { Rule } from '../../rule.js';
import { unsupported } from '../format-messages.js';

const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
const http = { name: 'http', port: 80 };
const named = { spec: { type: 'ExternalName', externalName: 'a.b' } };

/** What becomes of a service whose type changes. */
const typeChanges: readonly Rule[] = [
  {
    rule: 'a service may become a name, which gives its address up',
    on: 'update',
    accepted: named,
    refused: { spec: { type: 'ExternalName' } },
    errors: ['spec.externalName: Required value'],
  },
  {
    rule: 'who becomes a name does not ask for another address',
    on: 'update',
    accepted: { 'spec.type': 'ExternalName', 'spec.externalName': 'a.b' },
    refused: { 'spec.type': 'ExternalName', 'spec.externalName': 'a.b', 'spec.clusterIP': '10.0.0.5', 'spec.clusterIPs': ['10.0.0.5'] },
    errors: ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
  },
  {
    rule: 'a name may become a service, which has ports',
    on: 'update',
    before: named,
    accepted: { 'spec.type': 'ClusterIP', 'spec.ports': [http] },
    refused: { 'spec.type': 'ClusterIP' },
    errors: ['spec.ports: Required value'],
  },
  {
    rule: 'who is no longer reached through nodes asks for no port of theirs',
    on: 'update',
    before: { 'spec.type': 'NodePort' },
    accepted: { 'spec.type': 'ClusterIP' },
    refused: { 'spec.type': 'ClusterIP', 'spec.ports[0].nodePort': 32_110 },
    errors: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  },
  {
    rule: 'who is no longer a load balancer says no more of its ports of nodes',
    on: 'update',
    before: { 'spec.type': 'LoadBalancer', 'spec.allocateLoadBalancerNodePorts': false },
    accepted: { 'spec.type': 'ClusterIP' },
    refused: { 'spec.type': 'ClusterIP', 'spec.allocateLoadBalancerNodePorts': true },
    errors: [`spec.allocateLoadBalancerNodePorts: Forbidden: ${onlyLoadBalancer}`],
  },
  {
    rule: 'who is no longer a load balancer gets no other class of it',
    on: 'update',
    before: { 'spec.type': 'LoadBalancer', 'spec.loadBalancerClass': 'a' },
    accepted: { 'spec.type': 'ClusterIP' },
    refused: { 'spec.type': 'ClusterIP', 'spec.loadBalancerClass': 'b' },
    errors: [`spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`, `spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`],
  },
  {
    rule: 'who is no longer reached from outside says no more of traffic from there',
    on: 'update',
    before: { 'spec.type': 'NodePort', 'spec.externalTrafficPolicy': 'Local' },
    accepted: { 'spec.type': 'ClusterIP' },
    refused: { 'spec.type': 'ClusterIP', 'spec.externalTrafficPolicy': 'Cluster' },
    errors: ['spec.externalTrafficPolicy: Invalid value: "Cluster": may only be set for externally-accessible services'],
  },
];

const policy = 'spec.ipFamilyPolicy';
const needsTwo = (what: string) =>
  `${policy}: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;

/** How a service gets a second family of addresses, and loses it again. */
const familyChanges: readonly Rule[] = [
  {
    rule: 'who names two families takes two',
    accepted: { 'spec.ipFamilies': ['IPv6', 'IPv4'], [policy]: 'RequireDualStack' },
    refused: { 'spec.ipFamilies': ['IPv6', 'IPv4'] },
    errors: [needsTwo('IP families')],
  },
  {
    rule: 'who names two addresses takes two',
    accepted: { 'spec.clusterIP': '10.0.0.31', 'spec.clusterIPs': ['10.0.0.31', 'fd00:10::31'], [policy]: 'PreferDualStack' },
    refused: { 'spec.clusterIP': '10.0.0.31', 'spec.clusterIPs': ['10.0.0.31', 'fd00:10::31'] },
    errors: [needsTwo('cluster IPs')],
  },
  {
    rule: 'a second family comes with a policy that takes it',
    on: 'update',
    accepted: { 'spec.ipFamilies': ['IPv4', 'IPv6'], [policy]: 'RequireDualStack' },
    refused: { 'spec.ipFamilies': ['IPv4', 'IPv6'] },
    errors: [needsTwo('IP families')],
  },
  {
    rule: 'a second address comes with a policy that takes it',
    on: 'update',
    accepted: { 'spec.clusterIPs[1]': 'fd00:10::32', [policy]: 'PreferDualStack' },
    refused: { 'spec.clusterIPs[1]': 'fd00:10::33' },
    errors: [needsTwo('cluster IPs')],
  },
  {
    rule: 'a second family goes with a policy that has one',
    on: 'update',
    before: { [policy]: 'RequireDualStack' },
    accepted: { [policy]: 'SingleStack' },
    refused: { 'spec.ipFamilies': ['IPv4'] },
    errors: [`${policy}: Invalid value: "RequireDualStack": must be 'SingleStack' to release the secondary IP family`],
  },
  {
    rule: 'who has no address may change families, to those that there are',
    on: 'update',
    before: { 'spec.clusterIP': 'None' },
    accepted: { 'spec.ipFamilies': ['IPv6'] },
    refused: { 'spec.ipFamilies': ['IPv7'] },
    errors: [`spec.ipFamilies[0]: ${unsupported('IPv7', 'IPv4', 'IPv6')}`],
  },
];

const addressChanges: readonly Rule[] = [
  {
    rule: 'the address does not change',
    on: 'update',
    accepted: { 'spec.clusterIP': undefined, 'spec.clusterIPs': undefined },
    // Addresses so low are left to those who name them.
    refused: { 'spec.clusterIP': '10.0.0.3', 'spec.clusterIPs': ['10.0.0.3'] },
    errors: ['spec.clusterIPs[0]: Invalid value: ["10.0.0.3"]: may not change once set'],
  },
  {
    rule: 'who has no address gets none',
    on: 'update',
    before: { 'spec.clusterIP': 'None' },
    accepted: { 'spec.clusterIP': undefined, 'spec.clusterIPs': undefined },
    refused: { 'spec.clusterIP': '10.0.0.4', 'spec.clusterIPs': ['10.0.0.4'] },
    errors: ['spec.clusterIPs[0]: Invalid value: ["10.0.0.4"]: may not change once set'],
  },
];

export const serviceChangeRules: readonly Rule[] = [...typeChanges, ...familyChanges, ...addressChanges];
