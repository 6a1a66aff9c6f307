import { networking } from '@keelson/schema';
import { expect, it } from 'vitest';
import { networkPolicies } from './network-policies.js';
import { validateNetworkPolicy } from './network-policies-validation.js';

function policy(spec: object): networking.v1.NetworkPolicy {
  const made = networking.v1.NetworkPolicy.codec.fromJson({ metadata: { name: 'p' }, spec: { podSelector: {}, ...spec } } as never);
  networkPolicies.definition.defaults?.(made);
  return made;
}

it('is about incoming traffic, and outgoing where it says something of it', () => {
  expect(policy({}).spec.policyTypes).toEqual(['Ingress']);
  expect(policy({ egress: [{}] }).spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(policy({ egress: [{}], policyTypes: ['Egress'] }).spec.policyTypes).toEqual(['Egress']);
});

it('means TCP where no protocol is named', () => {
  const { ingress, egress } = policy({
    ingress: [{ ports: [{ port: 80 }] }],
    egress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }],
  }).spec;
  expect(ingress).toEqual([{ ports: [{ protocol: 'TCP', port: 80 }] }]);
  expect(egress).toEqual([{ ports: [{ protocol: 'UDP', port: 'dns' }] }]);
});

it.each([
  [
    { ingress: [{ ports: [{ port: 80, endPort: 79 }] }] },
    ['spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`'],
  ],
  [
    { egress: [{ ports: [{ endPort: 9 }] }] },
    ['spec.egress[0].ports[0].endPort: Invalid value: 9: may not be specified when `port` is not specified'],
  ],
  [{ ingress: [{ from: [{}] }] }, ['spec.ingress[0].from[0]: Required value: must specify a peer']],
  [{ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] }, []],
  [
    { egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', '11.0.0.0/16'] } }] }] },
    [
      'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      'spec.egress[0].to[0].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ],
  ],
  [{ policyTypes: ['Sideways'] }, ['spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"']],
])('%j has the problems %j', (spec, problems) => {
  expect(validateNetworkPolicy(policy(spec), undefined).map(String)).toEqual(problems);
});
