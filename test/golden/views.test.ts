import { describe, expect, it } from 'vitest';
import { applyView, pickPart } from './views.js';

describe('pickPart', () => {
  const body = {
    items: [
      { metadata: { name: 'a' }, n: 1 },
      { metadata: { name: 'b' }, n: 2 },
    ],
    paths: { '/x/1': 1, '/x/2': 2, '/y': 3 },
  };

  it('follows keys, indexes, conditions and prefixes', () => {
    expect(pickPart(body, 'items|0|n')).toBe(1);
    expect(pickPart(body, 'items|metadata.name=b|n')).toBe(2);
    expect(pickPart(body, 'paths|/x/*')).toEqual({ '/x/1': 1, '/x/2': 2 });
    expect(pickPart(body, 'items|7|n')).toBeNull();
  });
});

describe('applyView', () => {
  const list = { kind: 'PodList', metadata: { resourceVersion: '1' }, items: [{ metadata: { name: 'b' } }, { metadata: { name: 'a' } }] };
  const status = { kind: 'Status', message: 'no' };

  it('names', () => {
    expect(applyView(list, 'names')).toEqual({ kind: 'PodList', names: ['a', 'b'] });
    expect(applyView(status, 'names')).toEqual(status);
  });

  it('keys', () => expect(applyView({ b: 1, a: 2 }, 'keys')).toEqual(['a', 'b']));

  it('groups', () => {
    const groups = ['apps', 'x.example.com', 'policy', 'events.k8s.io'].map((name) => ({ name }));
    expect(applyView({ groups }, 'groups')).toEqual({ groups: [{ name: 'apps' }, { name: 'policy' }, { name: 'events.k8s.io' }] });
    const items = ['', 'x.example.com'].map((name) => ({ metadata: { name } }));
    expect(applyView({ items }, 'groups')).toEqual({ items: [{ metadata: { name: '' } }] });
  });

  it('group', () => {
    expect(applyView(list.items, 'group:a')).toEqual({ metadata: { name: 'a' } });
    expect(applyView(list.items, 'group:c')).toBeNull();
  });

  it('own', () => {
    const schemas = { 'io.k8s.api.storage.v1.CSIDriver': 1, 'io.k8s.api.core.v1.Pod': 2, 'io.k8s.api.storage.v1beta1.X': 3 };
    expect(applyView(schemas, 'own:storage.k8s.io/v1')).toEqual({ 'io.k8s.api.storage.v1.CSIDriver': 1 });
  });

  it('nodesc', () => {
    const schema = { description: 'text', properties: { description: { type: 'string', description: 'text' } } };
    expect(applyView(schema, 'nodesc')).toEqual({ properties: { description: { type: 'string' } } });
  });

  it('drop and mask', () => {
    const body = { status: { token: 'x', other: 1 }, spec: 2 };
    expect(applyView(body, 'drop:status|token')).toEqual({ status: { other: 1 }, spec: 2 });
    expect(applyView(body, 'mask:status|token')).toEqual({ status: { token: '<masked>', other: 1 }, spec: 2 });
    expect(applyView(body, 'mask:status|nothing')).toEqual(body);
  });

  it('sort', () => expect(applyView({ a: { b: [{ x: 2 }, { x: 1 }] } }, 'sort:a|b')).toEqual({ a: { b: [{ x: 1 }, { x: 2 }] } }));

  it('onlyhead and version', () => {
    expect(applyView({ info: { title: 'K', version: 'v1' }, paths: {}, components: {} }, 'onlyhead')).toEqual({
      info: { title: 'K', version: '<version>' },
      paths: '<present>',
      components: '<present>',
    });
    expect(applyView({ major: '1', code: 2 }, 'version')).toEqual({ major: '<string>', code: '<string>' });
  });

  it('ops', () => {
    const schema = { $ref: '#/definitions/X' };
    const v2 = {
      parameters: [{ name: 'namespace', in: 'path', type: 'string' }, { $ref: '#/parameters/pretty' }],
      get: {
        description: 'long',
        operationId: 'get',
        schemes: ['https'],
        tags: ['t'],
        produces: ['application/json'],
        'x-kubernetes-action': 'get',
        parameters: [{ name: 'b', in: 'query' }, { $ref: '#/parameters/a' }],
        responses: { 200: { description: 'OK', schema }, 401: { description: 'Unauthorized' } },
      },
    };
    const v3 = {
      post: {
        operationId: 'post',
        requestBody: { content: { 'b/c': {}, 'a/b': {} } },
        responses: { 200: { content: { 'application/json': { schema } } }, 401: { description: 'Unauthorized' } },
      },
    };
    expect(applyView({ '/v2': v2, '/v3': v3 }, 'ops')).toEqual({
      '/v2': {
        parameters: ['{"$ref": "#/parameters/pretty"}', '{"in": "path", "name": "namespace"}'],
        get: {
          operationId: 'get',
          tags: ['t'],
          produces: ['application/json'],
          'x-kubernetes-action': 'get',
          parameters: ['#/parameters/a', 'b'],
          responses: { 200: '#/definitions/X', 401: null },
        },
      },
      '/v3': {
        post: {
          operationId: 'post',
          parameters: [],
          requestBody: ['a/b', 'b/c'],
          responses: { 200: { 'application/json': '#/definitions/X' }, 401: null },
        },
      },
    });
  });

  it('knows no others', () => {
    expect(() => applyView({}, 'nope')).toThrow('unknown view nope');
    expect(() => applyView({}, 'nope:a')).toThrow('unknown view nope:a');
    expect(applyView({ a: 1 }, 'norv')).toEqual({ a: 1 });
  });
});
