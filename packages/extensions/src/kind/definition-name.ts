import type { GroupVersionKind } from '@keelson/machinery';

/** Name of a kind's definition in OpenAPI documents: `com.example.stable.v1.CronTab` of group `stable.example.com`. */
export function definitionName({ group, version, kind }: GroupVersionKind): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}
