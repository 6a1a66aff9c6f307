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

const gateway = `apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: frontend
  annotations:
    kubernetes.io/ingress.class: nginx
spec:
  tls:
  - hosts: [www.example.com]
    secretName: www
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /api
        backend:
          serviceName: api
          servicePort: http
      - backend:
          serviceName: frontend
          servicePort: 80
`;

const autoscaler = `apiVersion: extensions/v1beta1
kind: HorizontalPodAutoscaler
metadata:
  name: frontend
spec:
  scaleRef:
    apiVersion: extensions/v1beta1
    kind: Deployment
    name: frontend
    subresource: scale
  minReplicas: 2
  maxReplicas: 10
  cpuUtilization:
    targetPercentage: 50
`;

/** Versions that v1.34 does not have on: its own beta ones, and those of earlier releases. */
const moreVersions = [
  'admissionregistration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1beta1',
  'apiregistration.k8s.io/v1beta1',
  'apps/v1beta1',
  'apps/v1beta2',
  'authentication.k8s.io/v1beta1',
  'authorization.k8s.io/v1beta1',
  'autoscaling/v2beta1',
  'autoscaling/v2beta2',
  'batch/v1beta1',
  'certificates.k8s.io/v1beta1',
  'coordination.k8s.io/v1beta1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1beta1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1beta1',
  'resource.k8s.io/v1beta1',
  'resource.k8s.io/v1beta2',
  'scheduling.k8s.io/v1beta1',
  'storage.k8s.io/v1beta1',
];

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

    it('are found by a short name, which means nothing else', async () => {
      const found = { code: 0, stdout: 'deployment.apps/frontend\n', stderr: '' };
      expect(await kubectl().run(['get', 'deploy', '--output=name'])).toEqual(found);
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

    it('are of versions besides those of today, none of them alpha', async () => {
      const versions = (await kubectl().ok(['api-versions'])).trim().split('\n');
      expect(versions.filter((version) => /(alpha|beta)\d+$/.test(version))).toEqual(moreVersions);
    });

    it('of ingresses name services as they did, and are read as today', async () => {
      const of = (version: string) =>
        `Warning: extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use ${version} Ingress\n`;
      const { code, stdout, stderr } = await apply(gateway);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'ingress.extensions/frontend created\n' });
      expect(stderr).toContain(of('networking.k8s.io/v1'));
      // kubectl sends the rules again, for what the server filled in is not in the manifest; that changes nothing.
      expect(await apply(gateway)).toMatchObject({ code: 0, stdout: 'ingress.extensions/frontend configured\n' });
      expect(await field('ingress', '.metadata.generation')).toBe('1');
      const { apiVersion, spec } = await kubectl().json<{ apiVersion: string; spec: object }>(['get', 'ingress', 'frontend']);
      const backend = (name: string, port: object) => ({ service: { name, port } });
      const pathType = 'ImplementationSpecific';
      const paths = [
        { path: '/api', pathType, backend: backend('api', { name: 'http' }) },
        { pathType, backend: backend('frontend', { number: 80 }) },
      ];
      expect([apiVersion, spec]).toEqual([
        'networking.k8s.io/v1',
        { tls: [{ hosts: ['www.example.com'], secretName: 'www' }], rules: [{ host: 'www.example.com', http: { paths } }] },
      ]);
      expect(await field('ingress.v1beta1.extensions', '.spec.rules[0].http.paths[0].backend')).toBe(
        '{"serviceName":"api","servicePort":"http"}',
      );
      expect(await field('ingress.v1beta1.networking.k8s.io', '.spec.rules[0].http.paths[1].backend.servicePort')).toBe('80');
      expect(await kubectl().ok(['delete', '--filename=-'], { input: gateway })).toMatch(/^ingress\.extensions "frontend" deleted/);
    });

    it('of autoscalers are read in all the versions there were', async () => {
      const { code, stdout, stderr } = await apply(autoscaler);
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'horizontalpodautoscaler.extensions/frontend created\n',
        stderr:
          'Warning: extensions/v1beta1 HorizontalPodAutoscaler is deprecated in v1.2+, unavailable in v1.6+; use autoscaling/v1 HorizontalPodAutoscaler\n',
      });
      const cpu = (version: string, path: string) => field(`horizontalpodautoscaler.${version}`, path);
      expect(await cpu('v1.autoscaling', '.spec.targetCPUUtilizationPercentage')).toBe('50');
      expect(await cpu('v2.autoscaling', '.spec.metrics[0].resource.target.averageUtilization')).toBe('50');
      expect(await cpu('v2beta1.autoscaling', '.spec.metrics[0].resource.targetAverageUtilization')).toBe('50');
      expect(await cpu('v2beta2.autoscaling', '.spec.metrics[0].resource.target.averageUtilization')).toBe('50');
      expect(await cpu('v1beta1.extensions', '.spec.cpuUtilization.targetPercentage')).toBe('50');
      expect(await cpu('v2.autoscaling', '.spec.scaleTargetRef.apiVersion')).toBe('extensions/v1beta1');
      expect(await kubectl().ok(['delete', '--filename=-'], { input: autoscaler })).toMatch(
        /^horizontalpodautoscaler\.extensions "frontend" deleted/,
      );
    });
  });
}
