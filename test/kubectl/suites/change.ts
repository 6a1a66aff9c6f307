import { beforeEach, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { configMap, deployment, list } from '../manifests.js';
import { useNamespace } from '../use-namespace.js';

/** Changing objects that are there. */
export function changeSuite(admin: () => Kubectl): void {
  describe('change', () => {
    const kubectl = useNamespace(admin, 'change');
    const field = (object: string, path: string) => kubectl().ok(['get', object, `--output=jsonpath={${path}}`]);

    beforeEach(async () => {
      await kubectl().ok(['delete', 'deployments,configmaps', '--selector=fresh', '--ignore-not-found']);
      const web = deployment('web', 1);
      const objects = list(configMap('settings', { colour: 'blue', size: '1' }, { fresh: 'yes' }), {
        ...web,
        metadata: { ...web.metadata, labels: { fresh: 'yes' } },
      });
      await kubectl().ok(['create', '--filename=-'], { input: objects });
    });

    it('patches: merge', async () => {
      const patch = ['patch', 'configmap', 'settings', '--type=merge', '--patch={"data":{"size":null,"shape":"round"}}'];
      expect(await kubectl().ok(patch)).toBe('configmap/settings patched\n');
      expect(await field('configmap/settings', '.data')).toBe('{"colour":"blue","shape":"round"}');
      expect(await kubectl().ok(patch)).toBe('configmap/settings patched (no change)\n');
    });

    it('patches: strategic merge', async () => {
      const patch = JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'proxy:1' }] } } } });
      expect(await kubectl().ok(['patch', 'deployment', 'web', `--patch=${patch}`])).toBe('deployment.apps/web patched\n');
      expect(await field('deployment/web', '.spec.template.spec.containers[*].name')).toBe('sidecar server');
    });

    it('patches: JSON', async () => {
      const patch = (value: string) =>
        JSON.stringify([
          { op: 'test', path: '/data/colour', value },
          { op: 'replace', path: '/data/colour', value: 'red' },
        ]);
      const run = (value: string) => kubectl().run(['patch', 'configmap', 'settings', '--type=json', `--patch=${patch(value)}`]);
      expect((await run('blue')).stdout).toBe('configmap/settings patched\n');
      expect(await field('configmap/settings', '.data.colour')).toBe('red');
      const { code, stderr } = await run('blue');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The request is invalid(: the server rejected our request due to an error in our request)?\n$/);
    });

    it('edits', async () => {
      const edit = (editor: string) => kubectl().run(['edit', 'configmap', 'settings'], { environment: { KUBE_EDITOR: editor } });
      expect((await edit('sed -i s/blue/green/')).stdout).toBe('configmap/settings edited\n');
      expect(await field('configmap/settings', '.data.colour')).toBe('green');
      expect((await edit('true')).stderr).toBe('Edit cancelled, no changes made.\n');
    });

    it('labels', async () => {
      const label = (...args: string[]) => kubectl().run(['label', 'configmap', 'settings', ...args]);
      expect((await label('tier=front')).stdout).toBe('configmap/settings labeled\n');
      expect(await label('tier=back')).toMatchObject({
        code: 1,
        stderr: "error: 'tier' already has a value (front), and --overwrite is false\n",
      });
      expect((await label('tier=back', '--overwrite')).code).toBe(0);
      expect(await field('configmap/settings', '.metadata.labels.tier')).toBe('back');
      expect((await label('tier-')).code).toBe(0);
      expect(await field('configmap/settings', '.metadata.labels')).toBe('{"fresh":"yes"}');
    });

    it('annotates', async () => {
      expect(await kubectl().ok(['annotate', 'configmap', 'settings', 'note=first'])).toBe('configmap/settings annotated\n');
      expect(await field('configmap/settings', '.metadata.annotations')).toBe('{"note":"first"}');
    });

    it('scales', async () => {
      expect(await kubectl().ok(['scale', 'deployment', 'web', '--replicas=4'])).toBe('deployment.apps/web scaled\n');
      expect(await field('deployment/web', '.spec.replicas')).toBe('4');
      const { code, stderr } = await kubectl().run(['scale', 'deployment', 'web', '--current-replicas=9', '--replicas=1']);
      expect(code).toBe(1);
      expect(stderr).toContain('xpected replicas to be 9, was 4');
    });

    it('sets an image', async () => {
      expect(await kubectl().ok(['set', 'image', 'deployment/web', 'server=nginx:1.28'])).toBe('deployment.apps/web image updated\n');
      expect(await field('deployment/web', '.spec.template.spec.containers[0].image')).toBe('nginx:1.28');
      expect(await field('deployment/web', '.metadata.generation')).toBe('2');
    });
  });
}
