import { expect, it } from 'vitest';
import { addForeign } from './foreign-v2.js';

const ref = (name: string) => ({ $ref: `#/definitions/${name}` });

it('adds what others say, under other names where it is something else', async () => {
  const document = {
    paths: { '/own': { own: true } },
    definitions: { Same: { type: 'string' }, Meta: { type: 'object' }, Meta_v2: { type: 'array' } },
    parameters: { p: { name: 'p' } },
  };
  const first = {
    paths: { '/own': {}, '/a': { get: [ref('A'), { $ref: '#/parameters/p' }] } },
    definitions: { A: { properties: { meta: ref('Meta'), same: ref('Same') } }, Meta: { description: 'other' }, Same: { type: 'string' } },
    parameters: { p: { name: 'q' } },
  };
  const second = { paths: { '/b': ref('Meta') }, definitions: { Meta: { description: 'other' } }, parameters: {} };
  await addForeign(document, [first, second]);
  expect(document).toEqual({
    paths: { '/own': { own: true }, '/a': { get: [ref('A'), { $ref: '#/parameters/p_v2' }] }, '/b': ref('Meta_v3') },
    definitions: {
      Same: { type: 'string' },
      Meta: { type: 'object' },
      Meta_v2: { type: 'array' },
      Meta_v3: { description: 'other' },
      A: { properties: { meta: ref('Meta_v3'), same: ref('Same') } },
    },
    parameters: { p: { name: 'p' }, p_v2: { name: 'q' } },
  });
});
