import { controllerOf, type ObjectMeta } from '@keelson/machinery';

/** The owner that manages an object, as tables print it: `statefulset.apps/web`; `<none>` when there is none. */
export function controllerText(metadata: ObjectMeta): string {
  const owner = controllerOf(metadata);
  if (owner === undefined) return '<none>';
  const [group] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  return `${(group ? `${owner.kind}.${group}` : owner.kind).toLowerCase()}/${owner.name}`;
}
