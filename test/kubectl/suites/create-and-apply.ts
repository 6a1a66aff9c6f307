import { describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { configMap, deployment, list } from '../manifests.js';
import { useNamespace } from '../use-namespace.js';

/** Making objects from files and taking them away again. */
export function createAndApplySuite(admin: () => Kubectl): void {
  describe('create and apply', () => {
    const kubectl = useNamespace(admin, 'apply');
    const fromInput = (command: string, input: object, ...args: string[]) => kubectl().run([command, '--filename=-', ...args], { input });

    it('creates an object once', async () => {
      const settings = configMap('settings', { colour: 'blue' });
      expect(await fromInput('create', settings)).toEqual({ code: 0, stdout: 'configmap/settings created\n', stderr: '' });
      expect(await fromInput('create', settings)).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Error from server (AlreadyExists): error when creating "STDIN": configmaps "settings" already exists\n',
      });
    });

    it('refuses what is not valid, with the field and the reason', async () => {
      const { code, stdout, stderr } = await fromInput('create', { ...deployment('wrong', 1), metadata: { name: 'Wrong' } });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(
        `The Deployment "Wrong" is invalid: metadata.name: Invalid value: "Wrong": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n`,
      );
    });

    it('refuses fields that are not there', async () => {
      const { code, stderr } = await fromInput('create', { ...configMap('odd', {}), colour: 'blue' });
      expect(code).toBe(1);
      expect(stderr).toContain(kubectl().isAtLeast('1.27') ? 'strict decoding error: unknown field "colour"' : 'unknown field "colour"');
    });

    it('applies: created, unchanged, configured', async () => {
      expect(await fromInput('apply', deployment('web', 1))).toEqual({ code: 0, stdout: 'deployment.apps/web created\n', stderr: '' });
      expect(await fromInput('apply', deployment('web', 1))).toEqual({ code: 0, stdout: 'deployment.apps/web unchanged\n', stderr: '' });
      expect(await fromInput('apply', deployment('web', 3))).toEqual({ code: 0, stdout: 'deployment.apps/web configured\n', stderr: '' });
      const applied = await kubectl().json<{ metadata: { generation: number }; spec: { replicas: number } }>(['get', 'deployment', 'web']);
      expect([applied.metadata.generation, applied.spec.replicas]).toEqual([2, 3]);
    });

    it('removes what is no longer in the file', async () => {
      await fromInput('apply', configMap('shrinking', { a: '1', b: '2' }));
      await fromInput('apply', configMap('shrinking', { b: '2', c: '3' }));
      expect(await kubectl().ok(['get', 'configmap', 'shrinking', '--output=jsonpath={.data}'])).toBe('{"b":"2","c":"3"}');
    });

    it('applies several objects at once', async () => {
      const both = list(configMap('one', { n: '1' }), configMap('two', { n: '2' }));
      expect((await fromInput('apply', both)).stdout).toBe('configmap/one created\nconfigmap/two created\n');
      expect((await fromInput('apply', list(configMap('one', { n: '1' }), configMap('two', { n: 'ii' })))).stdout).toBe(
        'configmap/one unchanged\nconfigmap/two configured\n',
      );
    });

    it('applies on the server, and tells who owns a field in dispute', async () => {
      const mine = (value: string) => configMap('shared', { owner: value });
      const apply = (value: string, manager: string, ...args: string[]) =>
        fromInput('apply', mine(value), '--server-side', `--field-manager=${manager}`, ...args);
      expect((await apply('a', 'first')).stdout).toBe('configmap/shared serverside-applied\n');
      const { code, stderr } = await apply('b', 'second');
      expect(code).toBe(1);
      expect(stderr).toContain('Apply failed with 1 conflict: conflict with "first": .data.owner');
      expect((await apply('b', 'second', '--force-conflicts')).stdout).toBe('configmap/shared serverside-applied\n');
    });

    it('tries on the server without a trace', async () => {
      expect((await fromInput('apply', configMap('ghost', {}), '--dry-run=server')).stdout).toBe(
        'configmap/ghost created (server dry run)\n',
      );
      expect(await kubectl().run(['get', 'configmap', 'ghost'])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Error from server (NotFound): configmaps "ghost" not found\n',
      });
    });

    it('shows the difference to what is there', async () => {
      await fromInput('apply', deployment('compared', 1));
      const changed = (text: string) => text.split('\n').filter((line) => /^[+-] (?! *time:)/.test(line));
      const { code, stdout } = await fromInput('diff', deployment('compared', 3));
      expect(code).toBe(1);
      expect(changed(stdout)).toEqual(['-  generation: 1', '+  generation: 2', '-  replicas: 1', '+  replicas: 3']);
      expect(await fromInput('diff', deployment('compared', 1))).toEqual({ code: 0, stdout: '', stderr: '' });
    });

    it('replaces', async () => {
      await fromInput('create', configMap('replaced', { a: '1' }));
      expect((await fromInput('replace', configMap('replaced', { b: '2' }))).stdout).toBe('configmap/replaced replaced\n');
      expect(await kubectl().ok(['get', 'configmap', 'replaced', '--output=jsonpath={.data}'])).toBe('{"b":"2"}');
    });

    it('deletes by name, by label and by file', async () => {
      const removable = (name: string) => configMap(name, {}, { removable: 'yes' });
      await fromInput('create', list(removable('r1'), removable('r2'), removable('r3')));
      expect(deletedNames(await kubectl().ok(['delete', 'configmap', 'r1']))).toEqual(['configmap "r1"']);
      expect(deletedNames(await kubectl().ok(['delete', 'configmaps', '--selector=removable=yes']))).toEqual([
        'configmap "r2"',
        'configmap "r3"',
      ]);
      await fromInput('create', removable('r4'));
      expect(deletedNames((await fromInput('delete', removable('r4'))).stdout)).toEqual(['configmap "r4"']);
      expect(await kubectl().run(['delete', 'configmap', 'r1'])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Error from server (NotFound): configmaps "r1" not found\n',
      });
      expect(await kubectl().ok(['delete', 'configmap', 'r1', '--ignore-not-found'])).toBe('');
    });
  });
}

/** Later kubectls add from which namespace. */
function deletedNames(text: string): (string | undefined)[] {
  return text
    .trim()
    .split('\n')
    .map((line) => /^(\w+ "[^"]+") deleted/.exec(line)?.[1]);
}
