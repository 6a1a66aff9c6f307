import { expect, it } from 'vitest';
import { v3FromV2 } from './v3-from-v2.js';

it('says in v3 what v2 does', () => {
  const part = {
    definitions: { Thing: { properties: { own: { $ref: '#/definitions/Thing' } } } },
    parameters: { 'body-x': { in: 'body', name: 'body', required: true, schema: { $ref: '#/definitions/Thing' } } },
    paths: {
      '/things': {
        parameters: [{ in: 'path', name: 'name', required: true, type: 'string', uniqueItems: true }],
        post: {
          operationId: 'createThing',
          consumes: ['application/json', 'application/yaml'],
          produces: ['application/json'],
          schemes: ['https'],
          parameters: [{ $ref: '#/parameters/body-x' }, { in: 'query', name: 'dryRun', description: 'd', type: 'string' }],
          responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/Thing' } }, 401: { description: 'Unauthorized' } },
        },
      },
    },
  };
  const reference = { schema: { $ref: '#/components/schemas/Thing' } };
  expect(v3FromV2(part, { title: 't', version: 'v' })).toEqual({
    openapi: '3.0.0',
    info: { title: 't', version: 'v' },
    paths: {
      '/things': {
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }],
        post: {
          operationId: 'createThing',
          parameters: [{ name: 'dryRun', in: 'query', description: 'd', schema: { type: 'string' } }],
          requestBody: { content: { 'application/json': reference, 'application/yaml': reference }, required: true },
          responses: { 200: { description: 'OK', content: { 'application/json': reference } }, 401: { description: 'Unauthorized' } },
        },
      },
    },
    components: { schemas: { Thing: { properties: { own: { $ref: '#/components/schemas/Thing' } } } } },
  });
});
