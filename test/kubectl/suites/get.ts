import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { tableRows } from '../../support/kubectl-text.js';
import { waitUntil } from '../../support/wait-until.js';
import { configMap, deployment, list, pod } from '../manifests.js';
import { useNamespace } from '../use-namespace.js';

/** Reading objects in every form kubectl prints. */
export function getSuite(admin: () => Kubectl): void {
  describe('get', () => {
    const kubectl = useNamespace(admin, 'get');
    const rows = async (...args: string[]) => tableRows(await kubectl().ok(['get', ...args]));

    beforeAll(async () => {
      const objects = list(
        configMap('alpha', { a: '1', b: '2' }, { tier: 'front' }),
        configMap('beta', { c: '3' }, { tier: 'back' }),
        deployment('web', 2),
        pod('box', { run: 'box' }),
      );
      await kubectl().ok(['create', '--filename=-'], { input: objects });
    });

    it('prints a table', async () => {
      expect(await rows('configmaps', '--selector=tier')).toEqual([
        ['NAME', 'DATA', 'AGE'],
        ['alpha', '2', '<age>'],
        ['beta', '1', '<age>'],
      ]);
      expect(await rows('deployments')).toEqual([
        ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'],
        ['web', '0/2', '0', '0', '<age>'],
      ]);
      expect(await rows('pods')).toEqual([
        ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
        ['box', '0/1', 'Pending', '0', '<age>'],
      ]);
    });

    it('prints a wide table', async () => {
      expect(await rows('deployment', 'web', '--output=wide')).toEqual([
        ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE', 'CONTAINERS', 'IMAGES', 'SELECTOR'],
        ['web', '0/2', '0', '0', '<age>', 'server', 'nginx:1.27', 'app=web'],
      ]);
      expect(await rows('pods', '--output=wide')).toEqual([
        ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
        ['box', '0/1', 'Pending', '0', '<age>', '<none>', '<none>', '<none>', '<none>'],
      ]);
    });

    it('prints several kinds', async () => {
      expect(await rows('deployments,configmaps', '--selector=app=web')).toEqual([
        ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'],
        ['deployment.apps/web', '0/2', '0', '0', '<age>'],
      ]);
      expect(await kubectl().ok(['get', 'deployments,pods', '--output=name'])).toBe('deployment.apps/web\npod/box\n');
    });

    it('prints labels as columns', async () => {
      expect(await rows('configmaps', '--selector=tier', '--label-columns=tier', '--show-labels')).toEqual([
        ['NAME', 'DATA', 'AGE', 'TIER', 'LABELS'],
        ['alpha', '2', '<age>', 'front', 'tier=front'],
        ['beta', '1', '<age>', 'back', 'tier=back'],
      ]);
    });

    it('prints YAML and JSON', async () => {
      const { metadata, ...rest } = await kubectl().json<{ metadata: Record<string, string> }>(['get', 'configmap', 'beta']);
      expect(rest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { c: '3' } });
      expect(withoutManagedFields(await kubectl().ok(['get', 'configmap', 'beta', '--output=yaml']))).toBe(
        [
          'apiVersion: v1',
          'data:',
          '  c: "3"',
          'kind: ConfigMap',
          'metadata:',
          `  creationTimestamp: "${metadata.creationTimestamp}"`,
          '  labels:',
          '    tier: back',
          '  name: beta',
          `  namespace: ${kubectl().namespace}`,
          `  resourceVersion: "${metadata.resourceVersion}"`,
          `  uid: ${metadata.uid}`,
          '',
        ].join('\n'),
      );
    });

    it('prints parts', async () => {
      expect(
        await kubectl().ok([
          'get',
          'configmaps',
          '--selector=tier',
          '--output=jsonpath={range .items[*]}{.metadata.name}={.data}{"\\n"}{end}',
        ]),
      ).toBe('alpha={"a":"1","b":"2"}\nbeta={"c":"3"}\n');
      expect(
        await kubectl().ok([
          'get',
          'deployment/web',
          '--output=custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[*].image',
        ]),
      ).toBe('NAME   IMAGE\nweb    nginx:1.27\n');
      expect(await kubectl().ok(['get', 'configmap', 'alpha', '--output=go-template={{.data.b}}'])).toBe('2');
    });

    it('selects by label', async () => {
      expect(await kubectl().ok(['get', 'cm', '--selector=tier in (front, side)', '--output=name'])).toBe('configmap/alpha\n');
      expect(await kubectl().ok(['get', 'cm', '--selector=tier,tier!=front', '--output=name'])).toBe('configmap/beta\n');
    });

    it('selects by field', async () => {
      expect(await kubectl().ok(['get', 'cm', '--field-selector=metadata.name=beta', '--output=name'])).toBe('configmap/beta\n');
      expect(await kubectl().ok(['get', 'pods', '--field-selector=status.phase=Pending,spec.restartPolicy=Always', '--output=name'])).toBe(
        'pod/box\n',
      );
      const { code, stderr } = await kubectl().run(['get', 'cm', '--field-selector=data.a=1']);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.a=1": "data.a" is not a known field selector: only "metadata.name", "metadata.namespace"\n',
      });
    });

    it('reads all namespaces', async () => {
      const all = await rows('configmaps', '--all-namespaces', '--selector=tier=front');
      expect(all[0]).toEqual(['NAMESPACE', 'NAME', 'DATA', 'AGE']);
      expect(all).toContainEqual([kubectl().namespace, 'alpha', '2', '<age>']);
    });

    it('sorts, and reads in pages', async () => {
      expect(await kubectl().ok(['get', 'cm', '--selector=tier', '--sort-by={.data.a}', '--output=name'])).toContain('configmap/alpha');
      expect(await kubectl().ok(['get', 'cm', '--selector=tier', '--chunk-size=1', '--output=name'])).toBe(
        'configmap/alpha\nconfigmap/beta\n',
      );
    });

    it('says when there is nothing', async () => {
      expect(await kubectl().run(['get', 'secrets'])).toEqual({
        code: 0,
        stdout: '',
        stderr: `No resources found in ${kubectl().namespace} namespace.\n`,
      });
      expect(await kubectl().run(['get', 'nonsense'])).toEqual({
        code: 1,
        stdout: '',
        stderr: `error: the server doesn't have a resource type "nonsense"\n`,
      });
    });

    it('watches', async () => {
      const watch = kubectl().start(['get', 'configmaps', '--selector=watched', '--watch', '--output-watch-events', '--no-headers']);
      let seen = '';
      watch.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
      });
      const linesAre = (count: number) => () => (seen.split('\n').length > count ? true : undefined);
      try {
        await kubectl().ok(['create', '--filename=-'], { input: configMap('seen', {}, { watched: '1' }) });
        await waitUntil('the first event', linesAre(1));
        await kubectl().ok(['patch', 'configmap', 'seen', '--type=merge', '--patch={"data":{"a":"1"}}']);
        await waitUntil('the second event', linesAre(2));
        await kubectl().ok(['delete', 'configmap', 'seen']);
        await waitUntil('the third event', linesAre(3));
      } finally {
        watch.kill();
      }
      expect(tableRows(seen)).toEqual([
        ['ADDED', 'seen', '0', '<age>'],
        ['MODIFIED', 'seen', '1', '<age>'],
        ['DELETED', 'seen', '1', '<age>'],
      ]);
    });
  });
}

/** kubectl before 1.21 shows them; later ones leave them out. */
function withoutManagedFields(yaml: string): string {
  return yaml.replace(/^ {2}managedFields:\n(?: {2}-.*\n| {4}.*\n)*/m, '');
}
