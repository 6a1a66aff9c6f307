import type { core } from '@keelson/schema';
import { printedCells } from '@keelson/server/testing';
import { describe, expect, it } from 'vitest';
import { podColumns, podRowConditions } from './pod-columns.js';
import { summarizePod } from './pod-status-text.js';

type Status = Partial<core.v1.PodStatus>;

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function pod(status: Status, metadata: core.v1.Pod['metadata'] = {}, spec: Partial<core.v1.PodSpec> = {}): core.v1.Pod {
  const container = (name: string) => ({ name, image: 'nginx', resources: {} });
  return {
    metadata: { name: 'p', ...metadata },
    spec: { containers: [container('main'), container('zz')], initContainers: [container('init')], ...spec },
    status,
  };
}

function container(name: string, state: core.v1.ContainerState, rest: Partial<core.v1.ContainerStatus> = {}): core.v1.ContainerStatus {
  return { name, state, lastState: {}, ready: false, restartCount: 0, image: 'i', imageID: 'x', ...rest };
}

function ended(exitCode: number, rest: Partial<core.v1.ContainerStateTerminated> = {}): core.v1.ContainerState {
  return { terminated: { exitCode, startedAt: null, finishedAt: null, ...rest } };
}

const running = { running: { startedAt: '2024-01-01T00:00:00Z' } };
const ready = { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null };
const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z' };

const reasons: [what: string, expected: string, pod: core.v1.Pod][] = [
  ['the phase', 'Pending', pod({ phase: 'Pending' })],
  ['the reason of the pod', 'Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
  [
    'scheduling gates',
    'SchedulingGated',
    pod({ phase: 'Pending', conditions: [{ ...ready, type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
  ],
  [
    'a crash loop',
    'CrashLoopBackOff',
    pod({ phase: 'Running', containerStatuses: [container('main', { waiting: { reason: 'CrashLoopBackOff' } })] }),
  ],
  ['an end with a reason', 'Error', pod({ phase: 'Failed', containerStatuses: [container('main', ended(2, { reason: 'Error' }))] })],
  ['an end without one', 'ExitCode:2', pod({ phase: 'Failed', containerStatuses: [container('main', ended(2))] })],
  ['a signal', 'Signal:9', pod({ phase: 'Failed', containerStatuses: [container('main', ended(137, { signal: 9 }))] })],
  [
    'containers that run beside one that is done',
    'Running',
    pod({
      phase: 'Running',
      conditions: [ready],
      containerStatuses: [container('main', running, { ready: true }), container('zz', ended(0, { reason: 'Completed' }))],
    }),
  ],
  [
    'the same in a pod that is not ready',
    'NotReady',
    pod({
      phase: 'Running',
      containerStatuses: [container('main', ended(0, { reason: 'Completed' })), container('zz', running, { ready: true })],
    }),
  ],
  [
    'the first of several reasons',
    'ErrImagePull',
    pod({
      phase: 'Pending',
      containerStatuses: [
        container('main', { waiting: { reason: 'ErrImagePull' } }),
        container('zz', { waiting: { reason: 'ContainerCreating' } }),
      ],
    }),
  ],
  ['progress of init containers', 'Init:0/1', pod({ phase: 'Pending', initContainerStatuses: [container('init', running)] })],
  [
    'an init container that waits',
    'Init:CrashLoopBackOff',
    pod({
      phase: 'Pending',
      initContainerStatuses: [container('init', { waiting: { reason: 'CrashLoopBackOff' } })],
    }),
  ],
  ['an init container that failed', 'Init:ExitCode:3', pod({ phase: 'Pending', initContainerStatuses: [container('init', ended(3))] })],
  [
    'why it failed',
    'Init:OOMKilled',
    pod({ phase: 'Pending', initContainerStatuses: [container('init', ended(3, { reason: 'OOMKilled' }))] }),
  ],
  ['a deletion', 'Terminating', pod({ phase: 'Running' }, deleting)],
  ['a deletion of what is done', 'Succeeded', pod({ phase: 'Succeeded' }, deleting)],
  ['a lost node', 'Unknown', pod({ phase: 'Running', reason: 'NodeLost' }, deleting)],
];

describe('summarizePod', () => {
  it.each(reasons)('tells %s', (_what, expected, given) => {
    expect(summarizePod(given).reason).toBe(expected);
  });

  it('counts sidecars among the containers', () => {
    const spec = { initContainers: [{ name: 'proxy', image: 'p', resources: {}, restartPolicy: 'Always' }] };
    const status = {
      phase: 'Running',
      initContainerStatuses: [container('proxy', running, { ready: true, started: true, restartCount: 2 })],
      containerStatuses: [container('main', running, { ready: true, restartCount: 1 })],
    };
    expect(summarizePod(pod(status, {}, spec))).toEqual({
      reason: 'Running',
      readyContainers: 2,
      totalContainers: 3,
      restarts: 3,
      lastRestart: undefined,
    });
  });
});

function cells(given: core.v1.Pod) {
  return printedCells(podColumns, given, nowMs);
}

describe('podColumns', () => {
  it('prints a pod', () => {
    const status = {
      phase: 'Running',
      podIP: '10.2.3.4',
      podIPs: [{ ip: '10.2.3.4' }],
      conditions: [ready],
      containerStatuses: [
        container('main', running, {
          ready: true,
          restartCount: 7,
          lastState: ended(1, { finishedAt: '2025-12-31T23:55:00Z' }),
        }),
      ],
    };
    const spec = { nodeName: 'node-1', readinessGates: [{ conditionType: 'example.com/g' }] };
    const given = pod(status, { creationTimestamp: '2025-12-31T22:00:00Z' }, spec);
    expect(cells(given)).toEqual(['p', '1/2', 'Running', '7 (5m ago)', '120m', '10.2.3.4', 'node-1', '<none>', '0/1']);
  });

  it('prints what is half filled', () => {
    expect(cells({ metadata: {}, spec: { containers: null }, status: {} })).toEqual([
      '',
      '0/0',
      '',
      '0',
      '<unknown>',
      '<none>',
      '<none>',
      '<none>',
      '<none>',
    ]);
  });

  it('marks pods that are done', () => {
    expect(podRowConditions(pod({ phase: 'Failed' }))).toEqual([
      { type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' },
    ]);
    expect(podRowConditions(pod({ phase: 'Running' }))).toEqual([]);
  });
});
