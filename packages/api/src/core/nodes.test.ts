import { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { nodes } from './nodes.js';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function node(json: object): core.v1.Node {
  return core.v1.Node.codec.fromJson({ metadata: { name: 'n' }, ...json } as never);
}

function cells(given: core.v1.Node) {
  return [...(nodes.definition.columns ?? [])].map((column) => column.cell(given, { nowMs }));
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
