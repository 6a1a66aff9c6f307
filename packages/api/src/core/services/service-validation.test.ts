import { applyDefaults, core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { defaultService } from './service-defaults.js';
import { validateService } from './service-validation.js';

function service(spec: object, annotations: Record<string, string> = {}): core.v1.Service {
  const given = core.v1.Service.codec.fromJson({
    metadata: { name: 's', annotations },
    spec: { ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }], ...spec },
  } as never);
  applyDefaults(core.v1.Service, given);
  defaultService(given);
  return given;
}

const problems = (spec: object, old?: object, annotations?: Record<string, string>) =>
  validateService(service(spec, annotations), old && service(old)).map(String);

const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
const hints = 'service.kubernetes.io/topology-aware-hints';
const mode = 'service.kubernetes.io/topology-mode';
const ranges = 'service.beta.kubernetes.io/load-balancer-source-ranges';

it.each<[object, string[]]>([
  [{ selector: { a: 'b' }, externalIPs: ['1.2.3.4'], trafficDistribution: 'PreferSameNode' }, []],
  [{ type: 'LoadBalancer', loadBalancerClass: 'example.com/c', loadBalancerSourceRanges: [' 10.0.0.0/8 '] }, []],
  [{ type: 'ExternalName', externalName: 'a.example.com.' }, []],
  [{ clusterIPs: ['None'], clusterIP: 'None', ports: [] }, []],
  [{ ports: [] }, ['spec.ports: Required value']],
  [
    { ports: [{ port: 1 }, { port: 1, name: 'a' }] },
    [
      'spec.ports[0].name: Required value',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    {
      ports: [
        { port: 1, name: 'a' },
        { port: 2, name: 'a' },
      ],
    },
    ['spec.ports[1].name: Duplicate value: "a"'],
  ],
  [{ ports: [{ port: 1, nodePort: 30001 }] }, ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]],
  [
    {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 1, nodePort: 30001 },
        { name: 'b', port: 2, nodePort: 30001 },
      ],
    },
    ['spec.ports[1].nodePort: Duplicate value: 30001'],
  ],
  [
    { type: 'LoadBalancer', ports: [{ port: 10250 }] },
    ['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet'],
  ],
  [
    { type: 'NodePort', clusterIP: 'None', clusterIPs: ['None'] },
    [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`],
  ],
  [
    { type: 'ExternalName', clusterIPs: ['1.1.1.1'] },
    ['spec.clusterIPs: Forbidden: may not be set for ExternalName services', 'spec.externalName: Required value'],
  ],
  [{ sessionAffinity: 'x' }, ['spec.sessionAffinity: Unsupported value: "x": supported values: "ClientIP", "None"']],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } } },
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400'],
  ],
  [{ externalIPs: ['0.0.0.0'] }, ['spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)']],
  [{ loadBalancerSourceRanges: ['10.0.0.0/8'] }, [`spec.LoadBalancerSourceRanges: Forbidden: ${onlyLoadBalancer}`]],
  [{ allocateLoadBalancerNodePorts: true }, [`spec.allocateLoadBalancerNodePorts: Forbidden: ${onlyLoadBalancer}`]],
  [{ loadBalancerClass: 'c' }, [`spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`]],
  [
    { externalTrafficPolicy: 'Local' },
    ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  ],
  [
    { type: 'LoadBalancer', externalTrafficPolicy: 'x', healthCheckNodePort: 1 },
    [
      'spec.externalTrafficPolicy: Unsupported value: "x": supported values: "Cluster", "Local"',
      "spec.healthCheckNodePort: Invalid value: 1: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  ],
  [{ internalTrafficPolicy: 'x' }, ['spec.internalTrafficPolicy: Unsupported value: "x": supported values: "Cluster", "Local"']],
  [
    { trafficDistribution: 'x' },
    ['spec.trafficDistribution: Unsupported value: "x": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"'],
  ],
])('%j has the problems %j', (spec, expected) => {
  expect(problems(spec)).toEqual(expected);
});

describe('annotations', () => {
  it.each<[object, Record<string, string>, string[]]>([
    [{}, { [hints]: 'auto', [mode]: 'auto' }, []],
    [
      {},
      { [hints]: 'auto', [mode]: 'off' },
      [`metadata.annotations[${mode}]: Invalid value: "off": must match annotations[${hints}] when both are specified`],
    ],
    [{ type: 'LoadBalancer' }, { [ranges]: '10.0.0.0/8, 11.0.0.0/8' }, []],
    [{}, { [ranges]: '' }, [`metadata.annotations[${ranges}]: Forbidden: ${onlyLoadBalancer}`]],
    [
      { type: 'LoadBalancer' },
      { [ranges]: 'x' },
      [`metadata.annotations[${ranges}]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`],
    ],
  ])('%j with %j has the problems %j', (spec, annotations, expected) => {
    expect(problems(spec, undefined, annotations)).toEqual(expected);
  });
});

describe('an update', () => {
  const one = { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  const two = { ...one, clusterIPs: ['10.0.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' };
  const balanced = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30001, loadBalancerClass: 'c', ...one };

  it.each<[object, object, string[]]>([
    [one, two, []],
    [two, one, []],
    [
      { ...one, clusterIP: '10.0.0.2', clusterIPs: ['10.0.0.2'] },
      one,
      ['spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set'],
    ],
    [
      { ...one, ipFamilyPolicy: 'PreferDualStack' },
      two,
      [
        `spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to 'SingleStack' when releasing the secondary clusterIP`,
        `spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to 'SingleStack' when releasing the secondary ipFamily`,
      ],
    ],
    [{ ...balanced, healthCheckNodePort: 30002 }, balanced, ['spec.healthCheckNodePort: Forbidden: field is immutable']],
    [{ ...balanced, loadBalancerClass: 'd' }, balanced, ['spec.loadBalancerClass: Invalid value: "d": may not change once set']],
    [
      { ...one, loadBalancerClass: 'd' },
      one,
      [`spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`, `spec.loadBalancerClass: Forbidden: ${onlyLoadBalancer}`],
    ],
  ])('to %j from %j has the problems %j', (spec, old, expected) => {
    expect(problems(spec, old)).toEqual(expected);
  });
});
