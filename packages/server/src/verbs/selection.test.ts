import { ApiError } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { StoredObject } from '@keelson/storage';
import { describe, expect, it } from 'vitest';
import { parseRequestInfo } from '../filters/request-info.js';
import { Query } from '../http/query.js';
import { defineResource, type Resource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { createConfigMaps, createNamespaces, createPods } from '../testing/resources.js';
import { type Scope, selectedScope } from './selection.js';
import type { Target } from './target.js';

function scope(resource: Resource, path: string, apiVersion = 'v1'): Scope {
  const url = `/api/v1/${path}`;
  const query = new Query(url.split('?')[1] ?? '');
  const info = parseRequestInfo('GET', url, { query });
  const version = resource.byApiVersion(apiVersion) as ResourceVersion;
  const target: Target = { version, info, subresource: '', definition: undefined, uninitialized: 'absent' };
  return selectedScope(target, query.get('labelSelector'), query.get('fieldSelector'));
}

function stored(path: string, labels: Record<string, string> = {}, fields: Record<string, string> = {}): StoredObject {
  return new StoredObject(path, Buffer.alloc(0), 1, { labels: () => labels, fields: () => fields });
}

describe('the range of a list or watch', () => {
  it.each([
    ['configmaps', { path: '' }],
    ['namespaces/a/configmaps', { path: 'a/' }],
    ['namespaces/a/configmaps?fieldSelector=metadata.name%3Dx', { path: 'a/x', exact: true }],
    ['configmaps?fieldSelector=metadata.name%3Dx', { path: '' }],
    ['configmaps?fieldSelector=metadata.name!%3Dx', { path: '' }],
    ['watch/namespaces/a/configmaps/x', { path: 'a/x', exact: true }],
  ])('%s', (path, range) => {
    expect(scope(createConfigMaps(), path).range).toEqual(range);
  });

  it.each([
    ['namespaces', { path: '' }],
    ['namespaces?fieldSelector=metadata.name%3Dx', { path: 'x', exact: true }],
  ])('of a resource of the cluster: %s', (path, range) => {
    expect(scope(createNamespaces(), path).range).toEqual(range);
  });
});

describe('a selection', () => {
  it('is none when nothing is selected', () => {
    expect(scope(createConfigMaps(), 'configmaps').selection).toBeUndefined();
  });

  it('goes by labels', () => {
    const { selection } = scope(createConfigMaps(), 'configmaps?labelSelector=app%3Dweb,tier,env+in+(p)');
    expect(selection?.labels).toEqual({ app: 'web', env: 'p' });
    expect(selection?.matches(stored('a/x', { app: 'web', tier: '', env: 'p' }))).toBe(true);
    expect(selection?.matches(stored('a/x', { app: 'web', env: 'p' }))).toBe(false);
  });

  it('goes by the name and namespace that the key tells', () => {
    const { selection } = scope(createConfigMaps(), 'configmaps?fieldSelector=metadata.name%3Dx,metadata.namespace!%3Db');
    expect(selection?.matches(stored('a/x'))).toBe(true);
    expect(selection?.matches(stored('b/x'))).toBe(false);
    expect(selection?.matches(stored('a/y'))).toBe(false);
  });

  it('goes by fields of the resource, and by labels as well', () => {
    const { selection } = scope(createPods(), 'pods?fieldSelector=spec.nodeName%3Dn1&labelSelector=app');
    expect(selection?.fields).toEqual({ 'spec.nodeName': 'n1' });
    expect(selection?.matches(stored('a/x', { app: '' }, { 'spec.nodeName': 'n1' }))).toBe(true);
    expect(selection?.matches(stored('a/x', { app: '' }, { 'spec.nodeName': 'n2' }))).toBe(false);
    expect(selection?.matches(stored('a/x', {}, { 'spec.nodeName': 'n1' }))).toBe(false);
  });

  it('keeps __proto__ among what it looks for exactly', () => {
    const resource = defineResource(core.v1.ConfigMap, {
      names: { plural: 'configmaps' },
      scope: 'Namespaced',
      storage: { key: 'configmaps' },
      fieldAliases: { 'old.name': 'metadata.name' },
    });
    const { selection } = scope(resource, 'configmaps?fieldSelector=old.name%3Dx');
    expect(selection?.fields).toEqual({ 'metadata.name': 'x' });
  });

  it.each([
    ['configmaps', 'data', '"data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['configmaps', '__proto__', '"__proto__" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['configmaps', 'constructor', '"constructor" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['pods', 'spec.nope', 'field label not supported: spec.nope'],
  ])('of %s does not go by %s', (plural, field, expected) => {
    const resource = plural === 'pods' ? createPods() : createConfigMaps();
    const act = () => scope(resource, `${plural}?fieldSelector=${field}%3Dx`);
    expect(act).toThrow(new ApiError(400, 'BadRequest', expected));
  });

  it.each([
    ['metadata.name', undefined],
    ['spec.nodeName', undefined],
    ['metadata.namespace', 'field label not supported: metadata.namespace'],
  ])('of a resource of the cluster that has fields of its own goes by %s: %s', (field, refusal) => {
    const definition = { names: { plural: 'pods' }, scope: 'Cluster', storage: { key: 'pods' } } as const;
    const resource = defineResource(core.v1.Pod, {
      ...definition,
      selectableFields: { 'spec.nodeName': ({ spec }) => spec.nodeName ?? '' },
    });
    const act = () => scope(resource, `pods?fieldSelector=${field}%3Dx`);
    if (refusal === undefined) expect(act).not.toThrow();
    else expect(act).toThrow(new ApiError(400, 'BadRequest', refusal));
  });

  it('says in the words of its resource which fields it does not go by', () => {
    const resource = defineResource(core.v1.ConfigMap, {
      names: { plural: 'configmaps' },
      scope: 'Namespaced',
      storage: { key: 'configmaps' },
      unsupportedField: (field, { version }) => `no ${field} in ${version}`,
    });
    const act = () => scope(resource, 'configmaps?fieldSelector=data%3Dx');
    expect(act).toThrow(new ApiError(400, 'BadRequest', 'no data in v1'));
  });
});
