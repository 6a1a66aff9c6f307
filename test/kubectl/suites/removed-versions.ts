import { describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { useNamespace } from '../use-namespace.js';

/** As manuals of 2017 had it: no selector, no labels of its own, nothing that is not needed. */
const frontend = `apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: frontend
spec:
  replicas: 3
  template:
    metadata:
      labels:
        app: guestbook
        tier: frontend
    spec:
      containers:
      - name: php-redis
        image: gcr.io/google-samples/gb-frontend:v4
        resources:
          requests:
            cpu: 100m
            memory: 100Mi
        env:
        - name: GET_HOSTS_FROM
          value: dns
        ports:
        - containerPort: 80
`;

const warning = 'Warning: extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 Deployment\n';

/** Manifests from before apps/v1, as their owners still have them. */
export function removedVersionsSuite(admin: () => Kubectl): void {
  describe('manifests of removed versions', () => {
    const kubectl = useNamespace(admin, 'removed');
    const apply = (manifest: string, ...args: string[]) => kubectl().run(['apply', '--filename=-', ...args], { input: manifest });
    const field = (resource: string, path: string) => kubectl().ok(['get', resource, 'frontend', `--output=jsonpath={${path}}`]);

    it('are applied, with a warning, and applied again', async () => {
      expect(await apply(frontend)).toEqual({ code: 0, stdout: 'deployment.extensions/frontend created\n', stderr: warning });
      expect(await apply(frontend)).toEqual({ code: 0, stdout: 'deployment.extensions/frontend unchanged\n', stderr: warning });
      const newer = frontend.replace('replicas: 3', 'replicas: 5').replace(':v4', ':v5');
      expect(await apply(newer)).toEqual({ code: 0, stdout: 'deployment.extensions/frontend configured\n', stderr: warning });
    });

    it('are the deployments of today', async () => {
      interface Deployment {
        readonly apiVersion: string;
        readonly metadata: { readonly labels: object };
        readonly spec: Record<string, unknown>;
      }
      const { apiVersion, metadata, spec } = await kubectl().json<Deployment>(['get', 'deployment', 'frontend']);
      const { template: _template, ...others } = spec;
      const labels = { app: 'guestbook', tier: 'frontend' };
      expect([apiVersion, metadata.labels, others]).toEqual([
        'apps/v1',
        labels,
        {
          replicas: 5,
          selector: { matchLabels: labels },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
          revisionHistoryLimit: 2147483647,
          progressDeadlineSeconds: 2147483647,
        },
      ]);
      expect(await field('deployment', '.spec.template.spec.containers[0].image')).toBe('gcr.io/google-samples/gb-frontend:v5');
    });

    it('are read in the version that they were written in', async () => {
      expect(await field('deployment.v1beta1.extensions', '.apiVersion')).toBe('extensions/v1beta1');
      expect(await field('deployment.v1beta2.apps', '.apiVersion')).toBe('apps/v1beta2');
    });

    it('are listed once, among today’s', async () => {
      expect(await kubectl().ok(['get', 'all', '--output=name'])).toBe('deployment.apps/frontend\n');
    });

    it('are scaled', async () => {
      const { code, stdout } = await kubectl().run(['scale', 'deployment.v1beta1.extensions/frontend', '--replicas=2']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'deployment.extensions/frontend scaled\n' });
      expect(await field('deployment', '.spec.replicas')).toBe('2');
    });

    it('are applied on the server', async () => {
      const applied = frontend.replace('name: frontend', 'name: backend');
      expect(await apply(applied, '--server-side')).toEqual({
        code: 0,
        stdout: 'deployment.extensions/backend serverside-applied\n',
        stderr: warning,
      });
    });

    it('are deleted', async () => {
      expect(await kubectl().ok(['delete', '--filename=-'], { input: frontend })).toMatch(/^deployment\.extensions "frontend" deleted/);
      expect(await kubectl().ok(['get', 'deployment', 'frontend', '--ignore-not-found'])).toBe('');
    });
  });
}
