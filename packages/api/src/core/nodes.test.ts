import { core } from '@keelson/schema';
import { printedCells } from '@keelson/server/testing';
import { describe, expect, it } from 'vitest';
import { problemsOf, statusProblemsOf } from '../testing/problems-of.js';
import { defaultKubelets, Kubelets } from './connect/destinations/kubelets.js';
import { createNodes } from './nodes.js';

const nodes = createNodes(new Kubelets(defaultKubelets));

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function node(json: object): core.v1.Node {
  return core.v1.Node.codec.fromJson({ metadata: { name: 'n' }, ...json } as never);
}

function cells(given: core.v1.Node) {
  return printedCells(nodes.definition.columns ?? [], given, nowMs);
}

it('prints a node of which nothing is known', () => {
  expect(cells(node({}))).toEqual(['n', 'Unknown', '<none>', '<unknown>', '', '<none>', '<none>', '<unknown>', '<unknown>', '<unknown>']);
});

it('prints what its kubelet reports', () => {
  const given = node({
    metadata: {
      name: 'n',
      labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'infra' },
      creationTimestamp: '2025-12-31T00:00:00Z',
    },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [
        { type: 'Hostname', address: 'h' },
        { type: 'InternalIP', address: '10.7.7.7' },
      ],
      nodeInfo: { kubeletVersion: 'v1.34.0', osImage: 'Debian', kernelVersion: '6.1', containerRuntimeVersion: 'containerd://2.0' },
    },
  });
  expect(cells(given)).toEqual([
    'n',
    'Ready,SchedulingDisabled',
    'infra,worker',
    '24h',
    'v1.34.0',
    '10.7.7.7',
    '<none>',
    'Debian',
    '6.1',
    'containerd://2.0',
  ]);
});

it('keeps both forms of the pod range the same', () => {
  const given = node({ spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.2.0.0/24'] } });
  nodes.definition.defaults?.(given);
  expect(given.spec.podCIDRs).toEqual(['10.1.0.0/24']);
});

it('refuses taints that are there twice', () => {
  const taint = { key: 'a', effect: 'NoExecute' };
  const errors = nodes.definition.validate?.(node({ spec: { taints: [taint, taint] } }), undefined, undefined as never);
  expect(errors?.map(String)).toEqual([
    'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"","Effect":"NoExecute","TimeAdded":null}: taints must be unique by key and effect pair',
  ]);
});

describe('validation', () => {
  const old = { spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24', 'fd00::/64'], providerID: 'p', externalID: 'e' } };

  it.each<[object, string[]]>([
    [{ spec: { podCIDRs: ['10.1.0.0/24', 'fd00::/64'], taints: [{ key: 'a', value: 'b', effect: 'NoExecute' }] } }, []],
    [{ spec: { taints: [{ key: 'a' }] } }, ['metadata.taints[0].effect: Required value']],
    [
      { spec: { taints: [{ key: 'a', effect: 'x' }] } },
      ['metadata.taints[0].effect: Unsupported value: "x": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"'],
    ],
    [
      { spec: { podCIDRs: ['x'] } },
      ['spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    ],
    [
      { spec: { podCIDRs: ['10.1.0.0/24', '10.1.0.0/24'] } },
      ['spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.1.0.0/24"]: may specify no more than one CIDR for each IP family'],
    ],
    [
      { spec: { podCIDRs: ['10.1.0.0/24', 'x'] } },
      [
        'spec.podCIDRs[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        'spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: x)',
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","x"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      { status: { capacity: { pods: '1500m' }, allocatable: { pods: '1' } } },
      ['status.capacity.pods: Invalid value: "1500m": must be an integer'],
    ],
  ])('%j has the problems %j', (json, expected) => {
    expect(problemsOf(nodes, json)).toEqual(expected);
  });

  it.each<[object, string[]]>([
    [{ unschedulable: true }, []],
    [{ podCIDR: undefined, podCIDRs: null }, ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']],
    [{ providerID: 'q' }, ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid']],
    [{ externalID: 'f' }, ['spec.externalID: Forbidden: may not be updated']],
    [{ configSource: {} }, ['spec.configSource: Invalid value: {"ConfigMap":null}: exactly one reference subfield must be non-nil']],
    [
      { configSource: { configMap: { uid: 'u', name: 'n', namespace: 'ns' } } },
      [
        'spec.configSource.configMap.uid: Forbidden: uid must not be set in spec',
        'spec.configSource.configMap.kubeletConfigKey: Required value: kubeletConfigKey must be set',
      ],
    ],
  ])('the change %j has the problems %j', (change, expected) => {
    expect(problemsOf(nodes, { spec: { ...old.spec, ...change } }, old)).toEqual(expected);
  });

  it.each<[object, string[]]>([
    [{ addresses: [{ type: 'InternalIP', address: '1.1.1.1' }] }, []],
    [
      {
        addresses: [
          { type: 'A', address: 'x' },
          { type: 'A', address: 'x' },
        ],
      },
      ['status.addresses[1]: Duplicate value: {"Type":"A","Address":"x"}'],
    ],
    [
      { config: { active: { configMap: { namespace: 'ns', name: 'n', kubeletConfigKey: 'k', uid: 'u' } } } },
      ['status.config.active.configMap.resourceVersion: Required value: resourceVersion must be set in status'],
    ],
  ])('the status %j has the problems %j', (status, expected) => {
    expect(statusProblemsOf(nodes, { ...old, status }, old)).toEqual(expected);
  });
});
