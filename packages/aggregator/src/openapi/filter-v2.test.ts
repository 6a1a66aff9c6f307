import { expect, it } from 'vitest';
import { filterV2 } from './filter-v2.js';

const ref = (name: string) => ({ $ref: `#/definitions/${name}` });

it('keeps the paths below a root and all they refer to', () => {
  const list = { get: { parameters: [{ $ref: '#/parameters/p' }], responses: { 200: { schema: ref('List') } } } };
  const document = {
    paths: { '/apis/a/v1/things': list, '/apis/a/v1beta1/things': list, '/apis/a/v1': {}, '/version/': {} },
    definitions: { List: { items: ref('Thing') }, Thing: { properties: { own: ref('Thing'), no: ref('Missing') } }, Other: {} },
    parameters: { p: { in: 'query', name: 'p' }, q: {} },
  };
  expect(filterV2(document, '/apis/a/v1')).toEqual({
    paths: { '/apis/a/v1/things': list },
    definitions: { List: document.definitions.List, Thing: document.definitions.Thing },
    parameters: { p: document.parameters.p },
  });
  expect(filterV2({}, '/apis/a/v1')).toEqual({ paths: {}, definitions: {}, parameters: {} });
});
