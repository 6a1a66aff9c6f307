import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';

type ConfigMap = core.v1.ConfigMap;

function keyCount({ data, binaryData }: ConfigMap): number {
  return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
}

export const configMaps = defineResource<ConfigMap>(core.v1.ConfigMap, {
  names: { plural: 'configmaps', short: ['cm'] },
  scope: 'Namespaced',
  storage: { key: 'configmaps' },
  columns: [nameColumn(), col('Data', (map) => keyCount(map)), age()],
});
