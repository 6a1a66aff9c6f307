import { expect, it } from 'vitest';
import type { ResourceVersion } from './resource/resource-version.js';
import { ServedVersions } from './served-versions.js';
import { createConfigMaps } from './testing/resources.js';

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const version = createConfigMaps().byApiVersion('v1') as ResourceVersion;

it('knows what comes and goes', () => {
  const served = new ServedVersions([]);
  expect([served.get(maps), served.preferred(maps)]).toEqual([undefined, undefined]);
  served.add(version);
  expect([served.get(maps), served.preferred(maps)]).toEqual([version, maps]);
  served.remove(version);
  expect([served.get(maps), served.preferred(maps)]).toEqual([undefined, undefined]);
});

it('tells of changes those who want to know of them', () => {
  const served = new ServedVersions([]);
  const told: string[] = [];
  const stops = [
    served.onChange(maps, () => told.push('maps')),
    served.onChange({ ...maps, version: 'v2' }, () => told.push('v2')),
    served.onAnyChange(() => told.push('any')),
  ];
  served.add(version);
  served.remove(version);
  served.remove(version);
  expect(told).toEqual(['maps', 'any', 'maps', 'any']);
  for (const stop of stops) stop();
  served.add(version);
  expect(told).toHaveLength(4);
});
