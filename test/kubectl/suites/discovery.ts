import { describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { plainText, tableRows } from '../../support/kubectl-text.js';
import { waitUntil } from '../../support/wait-until.js';

/** Group versions that Kubernetes v1.34 serves by default. */
const stableVersions = [
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'resource.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
  'v1',
];

/** What kubectl asks about the server itself. */
export function discoverySuite(kubectl: () => Kubectl, url: () => string): void {
  describe('version', () => {
    it('tells the version of the server', async () => {
      const { serverVersion } = await kubectl().json<{ serverVersion: Record<string, string> }>(['version']);
      expect(serverVersion).toMatchObject({ major: '1', minor: '34', gitVersion: 'v1.34.9', gitTreeState: 'clean' });
    });
  });

  describe('api-versions', () => {
    it('lists every group version once, sorted', async () => {
      const versions = (await kubectl().ok(['api-versions'])).trim().split('\n');
      expect(versions).toEqual([...new Set(versions)].sort());
      expect(versions.filter((version) => stableVersions.includes(version))).toEqual(stableVersions);
    });
  });

  describe('api-resources', () => {
    it('names resources with their short names, scope and kind', async () => {
      const rows = tableRows(await kubectl().ok(['api-resources', '--no-headers']));
      for (const row of [
        ['configmaps', 'cm', 'v1', 'true', 'ConfigMap'],
        ['namespaces', 'ns', 'v1', 'false', 'Namespace'],
        ['pods', 'po', 'v1', 'true', 'Pod'],
        ['services', 'svc', 'v1', 'true', 'Service'],
        ['deployments', 'deploy', 'apps/v1', 'true', 'Deployment'],
        ['horizontalpodautoscalers', 'hpa', 'autoscaling/v2', 'true', 'HorizontalPodAutoscaler'],
        ['customresourcedefinitions', 'crd,crds', 'apiextensions.k8s.io/v1', 'false', 'CustomResourceDefinition'],
        ['tokenreviews', 'authentication.k8s.io/v1', 'false', 'TokenReview'],
      ]) {
        expect(rows).toContainEqual(row);
      }
    });

    it('lists a group', async () => {
      const names = await kubectl().ok(['api-resources', '--api-group=apps', '--output=name']);
      expect(names.trim().split('\n')).toEqual(
        ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'].map((name) => `${name}.apps`),
      );
    });

    it('lists what can be listed outside of namespaces', async () => {
      const names = (await kubectl().ok(['api-resources', '--namespaced=false', '--verbs=list,get', '--output=name'])).split('\n');
      expect(names).toEqual(expect.arrayContaining(['namespaces', 'nodes', 'persistentvolumes', 'clusterroles.rbac.authorization.k8s.io']));
      expect(names).not.toContain('configmaps');
      expect(names).not.toContain('tokenreviews.authentication.k8s.io');
    });
  });

  describe('cluster-info', () => {
    it('says where the control plane is', async () => {
      expect(plainText(await kubectl().ok(['cluster-info']))).toBe(
        `Kubernetes control plane is running at ${url()}\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
      );
    });
  });

  describe('explain', () => {
    it('describes a field with its type and fields', async () => {
      const text = plainText(await kubectl().ok(['explain', 'pod.spec.containers']));
      const [objects, ports] = kubectl().isAtLeast('1.27') ? ['[]Container', '[]ContainerPort'] : ['[]Object', '[]Object'];
      expect(text).toMatch(/^KIND: Pod\nVERSION: v1\n/);
      expect(text).toMatch(new RegExp(`(FIELD|RESOURCE): containers <${literally(objects)}>\n`));
      for (const field of ['name <string> -required-', 'image <string>', 'command <[]string>', `ports <${ports}>`, 'tty <boolean>']) {
        expect(text).toMatch(new RegExp(`^ ${literally(field)}$`, 'm'));
      }
    });

    it('describes a kind', async () => {
      const text = plainText(await kubectl().ok(['explain', 'deployment']));
      const types = kubectl().isAtLeast('1.27') ? ['ObjectMeta', 'DeploymentSpec', 'DeploymentStatus'] : ['Object', 'Object', 'Object'];
      const fields = [
        'apiVersion <string>',
        'kind <string>',
        ...['metadata', 'spec', 'status'].map((name, index) => `${name} <${types[index]}>`),
      ];
      expect(text).toMatch(/^(GROUP: apps\n)?KIND: Deployment\nVERSION: (apps\/)?v1\n/);
      expect([...text.matchAll(/^ (\w+ <.*>)$/gm)].map(([, field]) => field)).toEqual(fields);
    });

    it('knows no field that is not there', async () => {
      const { code, stderr } = await kubectl().run(['explain', 'pod.spec.nope']);
      expect(code).toBe(1);
      expect(stderr).toContain('field "nope" does not exist');
    });
  });

  describe('get --raw', () => {
    it('prints what the server answers', async () => {
      expect(JSON.parse(await kubectl().ok(['get', '--raw', '/version']))).toMatchObject({ gitVersion: 'v1.34.9' });
      expect(await kubectl().ok(['get', '--raw', '/readyz'])).toBe('ok');
      const { code, stderr } = await kubectl().run(['get', '--raw', '/api/v1/namespaces/nope']);
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'Error from server (NotFound): namespaces "nope" not found\n' });
    });
  });

  describe('proxy', () => {
    it('lets plain HTTP through with the credentials of kubectl', async () => {
      const proxy = kubectl().start(['proxy', '--port=0']);
      try {
        let told = '';
        proxy.stdout.on('data', (chunk: Buffer) => {
          told += chunk.toString();
        });
        const address = await waitUntil('the proxy', () => /^Starting to serve on (.*)$/m.exec(told)?.[1]);
        const answer = await fetch(`http://${address}/api/v1/namespaces/kube-system`);
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ kind: 'Namespace', metadata: { name: 'kube-system' } });
      } finally {
        proxy.kill();
      }
    });
  });
}

const literally = (text: string) => text.replace(/[[\]<>.*+?]/g, '\\$&');
