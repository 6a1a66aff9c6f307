import { expect, it } from 'vitest';
import { type DiscoveredGroupVersion, DiscoveryCatalog } from './discovery-catalog.js';
import { resourcesOfKind } from './resources-of-kind.js';

const entry = (resource: string, kind: string, scope: 'Namespaced' | 'Cluster') => ({
  resource,
  responseKind: { group: '', version: '', kind },
  scope,
  singularResource: '',
  verbs: [],
});

it('finds every resource that has objects of the kind, in its group-version', () => {
  const catalog = new DiscoveryCatalog();
  const resources = [
    entry('widgets', 'Widget', 'Namespaced'),
    entry('clusterwidgets', 'Widget', 'Cluster'),
    entry('gadgets', 'Gadget', 'Cluster'),
  ];
  catalog.set({
    group: 'a.com',
    version: 'v1',
    groupPriority: 1,
    versionPriority: 1,
    resources,
    freshness: 'Current',
  } as DiscoveredGroupVersion);
  const find = (kind: string, version = 'v1') => resourcesOfKind(catalog, { group: 'a.com', version, kind });
  const [clusterWide, widgets] = ['clusterwidgets', 'widgets'].map((resource) => ({ group: 'a.com', version: 'v1', resource }));
  expect(find('Widget')).toEqual([
    { resource: clusterWide, namespaced: false },
    { resource: widgets, namespaced: true },
  ]);
  expect(find('widget')).toEqual(find('Widget'));
  expect([find('WIDGET'), find('Widget', 'v2'), find('Other')]).toEqual([[], [], []]);
});
