import type { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { defaultPod } from '../core/pods/pod-defaults.js';
import { defaultPodTemplate } from './defaults.js';

function template(spec: Partial<core.v1.PodSpec>): core.v1.PodTemplateSpec {
  return { metadata: {}, spec: { containers: [], ...spec } };
}

it('fills a bare template', () => {
  const given = template({ containers: [{ name: 'web', image: 'nginx', resources: {} }] });
  defaultPodTemplate(given);
  expect(given.spec).toEqual({
    containers: [
      {
        name: 'web',
        image: 'nginx',
        resources: {},
        imagePullPolicy: 'Always',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
});

it('keeps both names of the service account the same, the newer one winning', () => {
  const given = template({ serviceAccountName: 'new', serviceAccount: 'old' });
  defaultPodTemplate(given);
  expect(given.spec.serviceAccount).toBe('new');
  const old = template({ serviceAccount: 'old' });
  defaultPodTemplate(old);
  expect(old.spec.serviceAccountName).toBe('old');
});

it('leaves the time to end of a template as it is, even where it makes no sense, and gives a pod another', () => {
  const given = template({ terminationGracePeriodSeconds: -5 });
  defaultPodTemplate(given);
  expect(given.spec.terminationGracePeriodSeconds).toBe(-5);
  const pod = { metadata: {}, spec: { containers: [], terminationGracePeriodSeconds: -5 }, status: {} };
  defaultPod(pod);
  expect(pod.spec.terminationGracePeriodSeconds).toBe(1);
});

it('drops what releases before v1.8 said of init containers in annotations', () => {
  const old = 'pod.beta.kubernetes.io/init-containers';
  const given = { ...template({}), metadata: { annotations: { [old]: '[]', mine: 'kept' } } };
  defaultPodTemplate(given);
  expect(given.metadata).toEqual({ annotations: { mine: 'kept' } });
  const pod = {
    metadata: { annotations: { 'pod.alpha.kubernetes.io/init-container-statuses': '[]' } },
    spec: { containers: [] },
    status: {},
  };
  defaultPod(pod);
  expect(pod.metadata).toEqual({});
});

it('fills probes and hooks of containers', () => {
  const given = template({
    containers: [
      {
        name: 'c',
        image: 'x:1',
        resources: {},
        livenessProbe: { httpGet: { port: 80 } },
        lifecycle: { preStop: { httpGet: { port: 1 } } },
      },
    ],
  });
  defaultPodTemplate(given);
  expect(given.spec.containers?.[0]?.livenessProbe).toEqual({
    httpGet: { port: 80, path: '/', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  expect(given.spec.containers?.[0]?.lifecycle?.preStop?.httpGet).toEqual({ port: 1, path: '/', scheme: 'HTTP' });
});

it('fills volumes by their source', () => {
  const given = template({
    volumes: [
      { name: 'scratch' },
      { name: 'host', hostPath: { path: '/x' } },
      { name: 'secret', secret: { secretName: 's' } },
      { name: 'all', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    ],
  });
  defaultPodTemplate(given);
  expect(given.spec.volumes).toEqual([
    { name: 'scratch', emptyDir: {} },
    { name: 'host', hostPath: { path: '/x', type: '' } },
    { name: 'secret', secret: { secretName: 's', defaultMode: 420 } },
    { name: 'all', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }], defaultMode: 420 } },
  ]);
});
