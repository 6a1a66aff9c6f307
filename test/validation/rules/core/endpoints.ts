import type { Rule, RulesOfKind } from '../../rule.js';
import { notIp, notLabel, notPort, unsupported } from '../format-messages.js';

const first = 'subsets[0]';

/** What a subset may be. */
const subsetRule = (rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule => ({
  rule,
  accepted: { [first]: { addresses: [{ ip: '1.2.3.4' }], ...accepted } },
  refused: { [first]: { addresses: [{ ip: '1.2.3.4' }], ...refused } },
  errors: errors.map((error) => `${first}${error}`),
});

/** What an address may be, ready or not. */
const addressRule = (rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule => {
  const subset = (address: object) => ({ addresses: [address], notReadyAddresses: [address] });
  return {
    rule,
    accepted: { [first]: subset({ ip: '1.2.3.4', ...accepted }) },
    refused: { [first]: subset({ ip: '1.2.3.4', ...refused }) },
    errors: ['addresses', 'notReadyAddresses'].flatMap((list) => problems.map((problem) => `${first}.${list}[0].${problem}`)),
  };
};

const special: readonly (readonly [ip: string, problem: string])[] = [
  ['0.0.0.0', 'may not be unspecified (0.0.0.0)'],
  ['127.0.0.1', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.1.1', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.1', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

export const endpoints: RulesOfKind = {
  collection: '/api/v1/namespaces/default/endpoints',
  kind: 'Endpoints',
  example: {},
  rules: [
    subsetRule('a subset has addresses', {}, { addresses: [] }, ': Required value: must specify `addresses` or `notReadyAddresses`'),
    addressRule(
      'an address is one',
      { ip: '::5' },
      { ip: 'a' },
      `ip: Invalid value: "a": ${notIp}`,
      'ip: Invalid value: "a": must be a valid IP address',
    ),
    ...special.map(([ip, problem]) =>
      addressRule(`an address is one that others reach, not ${ip}`, { ip: '10.0.0.1' }, { ip }, `ip: Invalid value: "${ip}": ${problem}`),
    ),
    addressRule('a host is named by a label', { hostname: 'a-1' }, { hostname: 'A' }, `hostname: Invalid value: "A": ${notLabel}`),
    subsetRule(
      'ports are numbered up to 65535',
      { ports: [{ port: 65_535 }] },
      { ports: [{ port: 65_536 }] },
      `.ports[0].port: Invalid value: 65536: ${notPort}`,
    ),
    subsetRule(
      'ports have names, but for the only one',
      { ports: [{ port: 80 }] },
      { ports: [{ port: 80, name: 'a' }, { port: 81 }] },
      '.ports[1].name: Required value',
    ),
    subsetRule(
      'the protocol is one that there is',
      { ports: [{ port: 80, protocol: 'SCTP' }] },
      { ports: [{ port: 80, protocol: 'ICMP' }] },
      `.ports[0].protocol: ${unsupported('ICMP', 'SCTP', 'TCP', 'UDP')}`,
    ),
  ],
};
