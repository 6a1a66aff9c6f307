import type { core } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { warningsOfExistingPods } from './existing-pods.js';

type Pod = core.v1.Pod;

function pod(name: string, spec: Partial<core.v1.PodSpec> = {}, controller?: string): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: controller ?? '', controller: true };
  return {
    metadata: { name, ...(controller !== undefined && { ownerReferences: [owner] }) },
    spec: { containers: [{ name: 'c', resources: {} }], ...spec },
    status: {},
  };
}

function warnings(pods: readonly Pod[], deadlineAtMs = Number.POSITIVE_INFINITY): Promise<string[]> {
  const existing = { namespace: 'web', pods, exemptRuntimeClasses: new Set(['kata']), relaxUserNamespaces: false, deadlineAtMs };
  return warningsOfExistingPods({ level: 'baseline', version: 'latest' }, existing);
}

const violates = 'existing pods in namespace "web" violate the new PodSecurity enforce level "baseline:latest"';

// However slow the processor: no time passes but where a test says so.
beforeAll(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterAll(() => void vi.useRealTimers());

describe('existing pods', () => {
  it('are told of by what is wrong with them', async () => {
    const pods = [
      pod('net-b', { hostNetwork: true }),
      pod('net-c', { hostNetwork: true }),
      pod('net-a', { hostNetwork: true }),
      pod('fine'),
      pod('ports', { hostPID: true, containers: [{ name: 'c', resources: {}, ports: [{ containerPort: 1, hostPort: 1 }] }] }),
      pod('path-a', { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      pod('path-b', { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      pod('exempt', { hostIPC: true, runtimeClassName: 'kata' }),
    ];
    expect(await warnings(pods)).toEqual([
      violates,
      'net-a (and 2 other pods): host namespaces',
      'path-a (and 1 other pod): hostPath volumes',
      'ports: host namespaces, hostPort',
    ]);
  });

  it('are nothing to tell of when all is right', async () => {
    expect(await warnings([pod('a'), pod('b')])).toEqual([]);
  });

  it('are looked at up to a number, one of each controller first', async () => {
    const alike = Array.from({ length: 3000 }, (_, i) => pod(`alike-${i}`, {}, 'one'));
    const pods = [...alike, pod('last', { hostIPC: true }, 'two')];
    expect(await warnings(pods)).toEqual([
      'new PodSecurity enforce level only checked against the first 3000 of 3001 existing pods',
      violates,
      'last: host namespaces',
    ]);
  });

  it('are looked at for half the time that is left', async () => {
    expect(await warnings([pod('a', { hostIPC: true }), pod('b')], performance.now())).toEqual([
      'new PodSecurity enforce level only checked against the first 1 of 2 existing pods',
      violates,
      'a: host namespaces',
    ]);
  });
});
