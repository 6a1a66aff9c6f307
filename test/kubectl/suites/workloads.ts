import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { tableRows } from '../../support/kubectl-text.js';
import { waitUntil } from '../../support/wait-until.js';
import { configMap, deployment } from '../manifests.js';
import { useNamespace } from '../use-namespace.js';

interface Deployment {
  readonly metadata: { readonly uid: string };
}

/** Commands that make one object from another, and those that wait. */
export function workloadsSuite(admin: () => Kubectl): void {
  describe('workloads', () => {
    const kubectl = useNamespace(admin, 'workloads');

    beforeAll(async () => {
      await kubectl().ok(['create', '--filename=-'], { input: deployment('web', 2) });
    });

    it('runs a pod', async () => {
      expect(await kubectl().ok(['run', 'ghost', '--image=busybox', '--dry-run=server'])).toBe('pod/ghost created (server dry run)\n');
      expect(await kubectl().ok(['run', 'box', '--image=busybox', '--restart=Never', '--env=A=b', '--', 'sleep', '1'])).toBe(
        'pod/box created\n',
      );
      const made = await kubectl().json<{ metadata: object; spec: object; status: object }>(['get', 'pod', 'box']);
      expect(made).toMatchObject({
        metadata: { labels: { run: 'box' } },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'box', image: 'busybox', args: ['sleep', '1'], env: [{ name: 'A', value: 'b' }] }],
        },
        status: { phase: 'Pending', qosClass: 'BestEffort' },
      });
      expect(await kubectl().ok(['delete', 'pod', 'box'])).toMatch(/^pod "box" deleted/);
    });

    it('exposes a deployment', async () => {
      expect(await kubectl().ok(['expose', 'deployment', 'web', '--port=80', '--target-port=8080'])).toBe('service/web exposed\n');
      const { spec } = await kubectl().json<{ spec: { clusterIP: string } }>(['get', 'service', 'web']);
      expect(spec).toMatchObject({ type: 'ClusterIP', selector: { app: 'web' }, ports: [{ protocol: 'TCP', port: 80, targetPort: 8080 }] });
      expect(tableRows(await kubectl().ok(['get', 'service', 'web']))).toEqual([
        ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
        ['web', 'ClusterIP', spec.clusterIP, '<none>', '80/TCP', '<age>'],
      ]);
    });

    it('autoscales a deployment', async () => {
      expect(await kubectl().ok(['autoscale', 'deployment', 'web', '--min=1', '--max=5', '--cpu-percent=80'])).toBe(
        'horizontalpodautoscaler.autoscaling/web autoscaled\n',
      );
      expect(tableRows(await kubectl().ok(['get', 'hpa']))).toEqual([
        ['NAME', 'REFERENCE', 'TARGETS', 'MINPODS', 'MAXPODS', 'REPLICAS', 'AGE'],
        ['web', 'Deployment/web', 'cpu: <unknown>/80%', '1', '5', '0', '<age>'],
      ]);
    });

    it('tells the history of a rollout', async () => {
      const owner = await kubectl().json<Deployment>(['get', 'deployment', 'web']);
      for (const [revision, cause] of [
        ['1', undefined],
        ['2', 'a newer image'],
      ] as const) {
        await kubectl().ok(['create', '--filename=-'], { input: replicaSet(revision, cause, owner) });
      }
      expect(tableRows(await kubectl().ok(['rollout', 'history', 'deployment/web']))).toEqual([
        ['deployment.apps/web'],
        ['REVISION', 'CHANGE-CAUSE'],
        ['1', '<none>'],
        ['2', 'a newer image'],
      ]);
      expect(await kubectl().ok(['rollout', 'history', 'deployment/web', '--revision=1'])).toContain('Image:\tnginx:1.1');
    });

    it('pauses, resumes and restarts a rollout', async () => {
      expect(await kubectl().ok(['rollout', 'pause', 'deployment/web'])).toBe('deployment.apps/web paused\n');
      expect(await kubectl().ok(['rollout', 'resume', 'deployment/web'])).toBe('deployment.apps/web resumed\n');
      expect(await kubectl().ok(['rollout', 'restart', 'deployment/web'])).toBe('deployment.apps/web restarted\n');
    });

    it('waits for a condition', async () => {
      const wait = ['wait', '--for=condition=Available', 'deployment/web'];
      expect(await kubectl().run([...wait, '--timeout=1s'])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'error: timed out waiting for the condition on deployments/web\n',
      });
      const waiting = kubectl().ok([...wait, '--timeout=60s']);
      const current = await kubectl().json<Deployment>(['get', 'deployment', 'web']);
      const conditions = [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: '' }];
      const path = `/apis/apps/v1/namespaces/${kubectl().namespace}/deployments/web/status`;
      await kubectl().ok(['replace', '--raw', path, '--filename=-'], { input: { ...current, status: { conditions } } });
      expect(await waiting).toBe('deployment.apps/web condition met\n');
    });

    it('waits for an object to be gone', async () => {
      await kubectl().ok(['create', '--filename=-'], { input: configMap('leaving', {}) });
      const waiting = kubectl().start(['wait', '--for=delete', 'configmap/leaving', '--timeout=60s', '-v=6']);
      const ended = once(waiting, 'close');
      let log = '';
      waiting.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
      });
      // It has to see the object once before that may go.
      await waitUntil('kubectl to have read it', () => (/leaving.*200 OK/.test(log) ? true : undefined));
      await kubectl().ok(['delete', 'configmap', 'leaving']);
      expect(await ended).toEqual([0, null]);
    });
  });
}

/** What the deployment controller would make of a revision. */
function replicaSet(revision: string, cause: string | undefined, owner: Deployment): object {
  const labels = { app: 'web', 'pod-template-hash': `rev${revision}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-rev${revision}`,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': revision, ...(cause && { 'kubernetes.io/change-cause': cause }) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner.metadata.uid, controller: true }],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'server', image: `nginx:1.${revision}` }] } },
    },
  };
}
