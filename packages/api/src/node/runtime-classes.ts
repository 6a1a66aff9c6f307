import { dns1123Label, type FieldError, path, validateImmutable, validateLabels } from '@keelson/machinery';
import { node } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { validateForm } from '../validation/names.js';

type RuntimeClass = node.v1.RuntimeClass;

function validate({ handler, scheduling }: RuntimeClass, old: RuntimeClass | undefined): FieldError[] {
  return [
    ...(old === undefined ? [] : validateImmutable(handler, old.handler, path('handler'))),
    ...validateForm(handler, path('handler'), dns1123Label),
    ...validateLabels(scheduling?.nodeSelector, path('scheduling', 'nodeSelector')),
  ];
}

export const runtimeClasses = defineResource<RuntimeClass>(node.v1.RuntimeClass, {
  names: { plural: 'runtimeclasses' },
  scope: 'Cluster',
  storage: { key: 'runtimeclasses' },
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate,
  columns: [nameColumn(), col('Handler', ({ handler }) => handler), age()],
});
