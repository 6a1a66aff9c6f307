import {
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  portName,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import { containsIp, type IpRange, parseIpRange } from '../net/ip-range.js';
import { validateCidr } from '../net/ip-validation.js';
import { validateForm } from '../validation/names.js';
import { validatePortNumber } from '../validation/port.js';

type NetworkPolicy = networking.v1.NetworkPolicy;
type Port = networking.v1.NetworkPolicyPort;
type Peer = networking.v1.NetworkPolicyPeer;

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'];

function validateEndPort({ port, endPort }: Port, at: FieldPath): FieldError[] {
  if (endPort === undefined) return [];
  if (port === undefined) return [invalidField(at, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port === 'string') return [invalidField(at, endPort, 'may not be specified when `port` is non-numeric')];
  // The port is what is shown where the range is empty.
  const order = endPort < port ? [invalidField(at, port, 'must be greater than or equal to `port`')] : [];
  return [...order, ...validatePortNumber(endPort, at)];
}

function validatePort(rule: Port, at: FieldPath): FieldError[] {
  const { protocol, port } = rule;
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol)) errors.push(notSupported(at.child('protocol'), protocol, protocols));
  const end = validateEndPort(rule, at.child('endPort'));
  if (typeof port === 'string') return [...errors, ...end, ...validateForm(port, at.child('port'), portName)];
  return [...errors, ...(port === undefined ? [] : validatePortNumber(port, at.child('port'))), ...end];
}

function isStrictPart(part: IpRange, whole: IpRange): boolean {
  return part.prefixLength > whole.prefixLength && containsIp(whole, { family: part.family, value: part.base });
}

function validateIpBlock({ cidr, except = [] }: networking.v1.IPBlock, at: FieldPath, kept: readonly string[]): FieldError[] {
  if (cidr === '') return [required(at.child('cidr'))];
  const errors = validateCidr(cidr, at.child('cidr'), kept);
  const block = parseIpRange(cidr);
  if (block === undefined) return errors;
  except.forEach((text, i) => {
    const here = at.child('except').index(i);
    const part = parseIpRange(text);
    errors.push(...validateCidr(text, here, kept));
    if (part !== undefined && !isStrictPart(part, block)) {
      errors.push(invalidField(here, text, 'must be a strict subset of `cidr`'));
    }
  });
  return errors;
}

function validatePeer(peer: Peer, at: FieldPath, kept: readonly string[]): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...validateObjectSelector(podSelector, at.child('podSelector')),
    ...validateObjectSelector(namespaceSelector, at.child('namespaceSelector')),
    ...(ipBlock === undefined ? [] : validateIpBlock(ipBlock, at.child('ipBlock'), kept)),
  ];
  const bySelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!bySelector && ipBlock === undefined) return [required(at, 'must specify a peer')];
  if (bySelector && ipBlock !== undefined) errors.push(forbiddenField(at, 'may not specify both ipBlock and another peer'));
  return errors;
}

function validatePolicyTypes(types: readonly string[], at: FieldPath): FieldError[] {
  if (types.length > policyTypes.length) return [invalidField(at, types, 'may not specify more than two policyTypes')];
  return types.flatMap((type, i) => (policyTypes.includes(type) ? [] : [notSupported(at.index(i), type, policyTypes)]));
}

/** All ranges of a policy, wherever they are in it: rules may be in another order than before. */
function rangesOf({ ingress = [], egress = [] }: NetworkPolicy['spec']): string[] {
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
  return peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])]));
}

export function validateNetworkPolicy({ spec }: NetworkPolicy, old: NetworkPolicy | undefined): FieldError[] {
  const at = path('spec');
  const kept = old === undefined ? [] : rangesOf(old.spec);
  const directions = [
    ['ingress', 'from', (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from }))],
    ['egress', 'to', (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }))],
  ] as const;
  const errors = validateObjectSelector(spec.podSelector, at.child('podSelector'));
  for (const [direction, side, rules] of directions) {
    rules.forEach(({ ports = [], peers = [] }, i) => {
      const here = at.child(direction).index(i);
      errors.push(...ports.flatMap((port, n) => validatePort(port, here.child('ports').index(n))));
      errors.push(...peers.flatMap((peer, n) => validatePeer(peer, here.child(side).index(n), kept)));
    });
  }
  return [...errors, ...validatePolicyTypes(spec.policyTypes ?? [], at.child('policyTypes'))];
}
