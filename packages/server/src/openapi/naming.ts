import type { GroupVersion } from '@keelson/machinery';

/** First letter in upper case. */
export function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A group in operation ids: `RbacAuthorization`, `Core`, `StableExampleCom`. Kubernetes' own domain is left out. */
export function groupTitle(group: string): string {
  if (group === '') return 'Core';
  return group
    .replace(/\.k8s\.io$/, '')
    .split(/[.-]/)
    .map(title)
    .join('');
}

/** A group in tags: `rbacAuthorization`. */
export function groupTag(group: string): string {
  const name = groupTitle(group);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A group-version in operation ids: `AppsV1`. */
export function versionTitle({ group, version }: GroupVersion): string {
  return `${groupTitle(group)}${title(version)}`;
}

export function versionTag({ group, version }: GroupVersion): string {
  return `${groupTag(group)}_${version}`;
}
