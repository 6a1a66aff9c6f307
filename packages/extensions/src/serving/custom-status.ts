import type { KubeObject } from '@keelson/machinery';
import { copyField, type PartSubresource } from '@keelson/server';

const RESET: readonly string[] = ['spec'];

/** The `/status` subresource of custom resources: whatever else an object has stays as it is. */
export function customStatus(validate: NonNullable<PartSubresource<KubeObject>['validate']>): PartSubresource<KubeObject> {
  return {
    type: 'part',
    verbs: ['get', 'update', 'patch'],
    resetFields: RESET,
    prepareForUpdate(object, old) {
      const { managedFields } = object.metadata;
      for (const name of new Set([...Object.keys(object), ...Object.keys(old)])) if (name !== 'status') copyField(object, old, name);
      const { managedFields: _managers, ...metadata } = old.metadata;
      object.metadata = managedFields === undefined ? metadata : { ...metadata, managedFields };
    },
    validate,
  };
}
