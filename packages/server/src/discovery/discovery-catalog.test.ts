import { describe, expect, it } from 'vitest';
import { type DiscoveredGroupVersion, DiscoveryCatalog } from './discovery-catalog.js';

function entry(group: string, version: string, groupPriority: number, versionPriority: number): DiscoveredGroupVersion {
  return { group, version, groupPriority, versionPriority, resources: [], freshness: 'Current' };
}

function catalogOf(...entries: readonly DiscoveredGroupVersion[]): DiscoveryCatalog {
  const catalog = new DiscoveryCatalog();
  for (const one of entries) catalog.set(one);
  return catalog;
}

const order = (catalog: DiscoveryCatalog) =>
  catalog.groups.map(({ group, versions }) => [group, ...versions.map(({ version }) => version)]);

describe('DiscoveryCatalog', () => {
  it('orders groups by their highest priority, then by name', () => {
    const catalog = catalogOf(
      entry('resource.k8s.io', 'v1', 16200, 1),
      entry('b.example.com', 'v1', 1000, 1),
      entry('b.example.com', 'v2', 17000, 1),
      entry('', 'v1', 18000, 1),
      entry('discovery.k8s.io', 'v1', 16200, 1),
    );
    expect(catalog.groups.map(({ group }) => group)).toEqual(['', 'b.example.com', 'discovery.k8s.io', 'resource.k8s.io']);
  });

  it('orders versions by priority, and equal ones by how stable they are', () => {
    const catalog = catalogOf(
      entry('autoscaling', 'v1', 1, 15),
      entry('autoscaling', 'v2', 1, 30),
      entry('example.com', 'v1beta1', 1, 100),
      entry('example.com', 'v1', 1, 100),
    );
    expect(order(catalog)).toEqual([
      ['autoscaling', 'v2', 'v1'],
      ['example.com', 'v1', 'v1beta1'],
    ]);
  });

  it('takes changes and counts them', () => {
    const catalog = catalogOf(entry('example.com', 'v1', 1, 1));
    const before = catalog.generation;
    catalog.set({ ...entry('example.com', 'v1', 1, 1), freshness: 'Stale' });
    expect(catalog.get({ group: 'example.com', version: 'v1' })?.freshness).toBe('Stale');
    catalog.delete({ group: 'example.com', version: 'v2' });
    expect(catalog.generation).toBe(before + 1);
    catalog.delete({ group: 'example.com', version: 'v1' });
    expect(catalog.generation).toBe(before + 2);
    expect(catalog.groups).toEqual([]);
  });

  it('tells of what another server serves in place of this one, for as long as it does', () => {
    const catalog = catalogOf(entry('example.com', 'v1', 1, 1), entry('other.com', 'v1', 2, 1));
    catalog.setRemote({ ...entry('example.com', 'v1', 3, 1), freshness: 'Stale' });
    expect([catalog.get({ group: 'example.com', version: 'v1' })?.freshness, order(catalog)]).toEqual([
      'Stale',
      [
        ['example.com', 'v1'],
        ['other.com', 'v1'],
      ],
    ]);
    catalog.deleteRemote({ group: 'example.com', version: 'v1' });
    expect([catalog.get({ group: 'example.com', version: 'v1' })?.freshness, order(catalog)]).toEqual([
      'Current',
      [
        ['other.com', 'v1'],
        ['example.com', 'v1'],
      ],
    ]);
  });
});
