import { type FieldError, invalidField, path } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { dataBytes, validateDataKeys, validateDataSize, validateImmutableData } from './immutable-data.js';

type ConfigMap = core.v1.ConfigMap;

function keyCount({ data, binaryData }: ConfigMap): number {
  return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
}

function validate(map: ConfigMap, old: ConfigMap | undefined): FieldError[] {
  const { data = {}, binaryData = {} } = map;
  const inBoth = Object.keys(data).filter((key) => Object.hasOwn(binaryData, key));
  return [
    ...validateImmutableData(map, old, ['data', 'binaryData'], 'data'),
    ...validateDataKeys(map, 'data'),
    ...inBoth.map((key) => invalidField(path('data').key(key), key, 'duplicate of key present in binaryData')),
    ...validateDataKeys(map, 'binaryData'),
    ...validateDataSize(dataBytes(data, 'utf8') + dataBytes(binaryData, 'base64'), ''),
  ];
}

export const configMaps = defineResource<ConfigMap>(core.v1.ConfigMap, {
  names: { plural: 'configmaps', short: ['cm'] },
  scope: 'Namespaced',
  storage: { key: 'configmaps' },
  validate,
  columns: [nameColumn(), col('Data', (map) => keyCount(map)), age()],
});
