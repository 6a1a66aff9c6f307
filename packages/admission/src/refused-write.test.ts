import type { KubeObject } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { refusedWrite } from './refused-write.js';
import { attributes, pods, target } from './testing/attributes.js';

it.each<[KubeObject | undefined, string, string]>([
  [{ metadata: { name: 'web' } }, 'web', 'pods "web" is forbidden: no'],
  [{ metadata: { name: 'web', generateName: 'w-' } }, '', 'pods "web" is forbidden: no'],
  [{ metadata: { generateName: 'w-' } }, '', 'pods "w-" is forbidden: no'],
  [{ metadata: {} }, '', 'pods "Unknown" is forbidden: no'],
  [undefined, '', 'pods "Unknown" is forbidden: no'],
])('names %j (%s)', (object, name, message) => {
  expect(refusedWrite(attributes(pods, 'CREATE', object, { name }), 'no').message).toBe(message);
});

it('is a 403 of the resource', () => {
  const { status } = refusedWrite(attributes(target('apps', 'Deployment', 'deployments'), 'DELETE', undefined, { name: 'web' }), 'no');
  expect(status).toMatchObject({ code: 403, reason: 'Forbidden', details: { name: 'web', group: 'apps', kind: 'deployments' } });
});
