import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { useNamespace } from '../use-namespace.js';

/** A definition in a group of its own, so that every kubectl has one. */
function definition(group: string): string {
  const text = { type: 'string' };
  const spec = {
    type: 'object',
    description: 'What is to be done.',
    required: ['schedule'],
    'x-kubernetes-validations': [{ rule: '!has(self.image) || self.image != "forbidden"', message: 'the image is forbidden' }],
    properties: {
      schedule: { ...text, description: 'When it runs.', pattern: '^[0-9*/ ]+$' },
      image: { ...text, default: 'busybox' },
      replicas: { type: 'integer', minimum: 0, maximum: 10, default: 1 },
      tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    },
  };
  const status = { type: 'object', properties: { replicas: { type: 'integer' } } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `jobbers.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'jobbers', kind: 'Jobber', shortNames: ['jbr'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', description: 'A Jobber does jobs.', properties: { spec, status } } },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
          additionalPrinterColumns: [
            { name: 'Schedule', type: 'string', jsonPath: '.spec.schedule' },
            { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
          ],
        },
      ],
    },
  });
}

/** Kinds that users define, from their definition to their end. */
export function customResourcesSuite(admin: () => Kubectl): void {
  describe('custom resources', () => {
    const kubectl = useNamespace(admin, 'custom');
    let group = '';
    const jobber = (name: string, spec: object) => JSON.stringify({ apiVersion: `${group}/v1`, kind: 'Jobber', metadata: { name }, spec });
    const field = (name: string, path: string) => kubectl().ok(['get', `jobbers.${group}`, name, `--output=jsonpath={${path}}`]);

    beforeAll(async () => {
      group = `k${admin().program.version.replace('.', '')}.example.com`;
      expect(await kubectl().ok(['create', '--filename=-'], { input: definition(group) })).toBe(
        `customresourcedefinition.apiextensions.k8s.io/jobbers.${group} created\n`,
      );
      await kubectl().ok(['wait', '--for=condition=Established', `crd/jobbers.${group}`]);
    });
    afterAll(() => kubectl().run(['delete', 'crd', `jobbers.${group}`]));

    it('are created with defaults, and listed in their columns', async () => {
      expect(await kubectl().ok(['create', '--filename=-'], { input: jobber('first', { schedule: '* *' }) })).toBe(
        `jobber.${group}/first created\n`,
      );
      expect(await field('first', '.spec')).toBe('{"image":"busybox","replicas":1,"schedule":"* *"}');
      expect(await kubectl().ok(['get', `jobbers.${group}`, 'first'])).toBe('NAME    SCHEDULE   REPLICAS\nfirst   * *        1\n');
      expect(await kubectl().ok(['api-resources', `--api-group=${group}`, '--no-headers', '--output=name'])).toBe(`jobbers.${group}\n`);
    });

    it('are refused when they are not what the schema says', async () => {
      const create = async (spec: object) =>
        (await kubectl().run(['create', '--validate=false', '--filename=-'], { input: jobber('bad', spec) })).stderr;
      expect(await create({ schedule: 'often' })).toBe(
        `The Jobber "bad" is invalid: spec.schedule: Invalid value: "often": spec.schedule in body should match '^[0-9*/ ]+$'\n`,
      );
      expect(await create({ schedule: '*', image: 'forbidden' })).toBe(
        'The Jobber "bad" is invalid: spec: Invalid value: "object": the image is forbidden\n',
      );
    });

    it('are applied by client and by server', async () => {
      const apply = (spec: object, ...flags: string[]) =>
        kubectl().ok(['apply', ...flags, '--filename=-'], { input: jobber('applied', spec) });
      expect(await apply({ schedule: '1', tags: ['a'] })).toBe(`jobber.${group}/applied created\n`);
      expect(await apply({ schedule: '2', tags: ['a'] })).toBe(`jobber.${group}/applied configured\n`);
      expect(await apply({ schedule: '2', tags: ['a'] })).toBe(`jobber.${group}/applied unchanged\n`);
      const byServer = (name: string, manager: string, tags: string[]) => {
        const flags = ['apply', '--server-side', `--field-manager=${manager}`, '--filename=-'];
        return kubectl().ok(flags, { input: jobber(name, { schedule: '2', tags }) });
      };
      expect(await byServer('shared', 'one', ['a'])).toBe(`jobber.${group}/shared serverside-applied\n`);
      expect(await byServer('shared', 'other', ['b'])).toBe(`jobber.${group}/shared serverside-applied\n`);
      // A set is what all its owners have put into it.
      expect(JSON.parse(await field('shared', '.spec.tags'))).toEqual(['a', 'b']);
    });

    it('are scaled, patched and deleted', async () => {
      await kubectl().ok(['create', '--filename=-'], { input: jobber('scaled', { schedule: '*' }) });
      expect(await kubectl().ok(['scale', `jobbers.${group}/scaled`, '--replicas=3'])).toBe(`jobber.${group}/scaled scaled\n`);
      expect(await field('scaled', '.spec.replicas')).toBe('3');
      await kubectl().ok(['patch', `jobbers.${group}`, 'scaled', '--type=merge', '--patch={"spec":{"image":"other"}}']);
      expect(await field('scaled', '.spec.image')).toBe('other');
      const deleted = await kubectl().ok(['delete', `jobbers.${group}`, 'scaled']);
      // Since 1.34 kubectl goes on to say from which namespace.
      expect(deleted.split(' deleted')[0]).toBe(`jobber.${group} "scaled"`);
    });

    it('are explained', async () => {
      const text = await kubectl().ok(['explain', `jobbers.spec.schedule`, `--api-version=${group}/v1`]);
      expect(text).toMatch(/KIND:\s+Jobber/);
      expect(text).toContain('When it runs.');
    });
  });
}
