import { describe, expect, it } from 'vitest';
import { apps, core, kinds, meta } from '../index.js';

describe('kinds', () => {
  it('finds kinds by group, version and kind', () => {
    expect(kinds.find('apps', 'v1', 'Deployment')).toBe(apps.v1.Deployment);
    expect(kinds.find('', 'v1', 'PodList')).toBe(core.v1.PodList);
    expect(kinds.find('', 'v1', 'Status')).toBe(meta.v1.Status);
    expect(kinds.find('apps', 'v1', 'Pod')).toBeUndefined();
  });

  it('knows removed versions', () => {
    expect(kinds.find('policy', 'v1beta1', 'PodSecurityPolicy')?.kind).toBe('PodSecurityPolicy');
    expect(kinds.find('batch', 'v2alpha1', 'CronJobList')?.kind).toBe('CronJobList');
  });

  it('finds the options kinds in every group-version', () => {
    expect(kinds.find('apps', 'v1', 'DeleteOptions')).toMatchObject({ group: 'apps', version: 'v1', kind: 'DeleteOptions' });
    expect(kinds.find('example.com', 'v3', 'WatchEvent')).toMatchObject({ group: 'example.com', version: 'v3' });
  });

  it('names each kind once', () => {
    const names = kinds.all.map(({ group, version, kind }) => `${group}/${version}/${kind}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('type schemas', () => {
  const containers = core.v1.Pod.type.fields.get('spec')?.message?.fields.get('containers');

  it('carry merge facts', () => {
    expect(containers).toMatchObject({
      cardinality: 'list',
      required: true,
      patchMergeKey: 'name',
      listType: 'map',
      listMapKeys: ['name'],
    });
    expect([...(containers?.patchStrategy ?? [])]).toEqual(['merge']);
  });

  it('flatten inlined messages', () => {
    const volume = core.v1.Pod.type.fields.get('spec')?.message?.fields.get('volumes')?.message;
    expect([...(volume?.fields.keys() ?? [])].slice(0, 3)).toEqual(['name', 'hostPath', 'emptyDir']);
  });

  it('have no field whose name every object inherits', () => {
    const seen = new Set<string>();
    const visit = (type: (typeof core.v1.Pod)['type']) => {
      if (seen.has(type.name)) return;
      seen.add(type.name);
      for (const [name, field] of type.fields) {
        expect(name in {}).toBe(false);
        if (field.message) visit(field.message);
      }
    };
    for (const kind of kinds.all) visit(kind.type);
    expect(seen.size).toBeGreaterThan(1000);
  });
});
