import type { GroupResource } from '@keelson/machinery';

/** `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group) or `*.*`. */
export function parseResourceRule(rule: string): GroupResource {
  const dot = rule.indexOf('.');
  return dot < 0 ? { resource: rule, group: '' } : { resource: rule.slice(0, dot), group: rule.slice(dot + 1) };
}

export function formatResourceRule({ group, resource }: GroupResource): string {
  return group === '' && resource !== '*' ? resource : `${resource}.${group}`;
}
