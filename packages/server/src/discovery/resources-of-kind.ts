import type { GroupVersionKind, KindResource } from '@keelson/machinery';
import type { DiscoveryCatalog } from './discovery-catalog.js';

/** Where discovery says that objects of a kind are. As for Kubernetes' own clients, the kind may be in lower case. */
export function resourcesOfKind(catalog: DiscoveryCatalog, { group, version, kind }: GroupVersionKind): KindResource[] {
  const resources = catalog.get({ group, version })?.resources ?? [];
  return resources
    .filter(({ responseKind }) => responseKind?.kind === kind || responseKind?.kind?.toLowerCase() === kind)
    .map(({ resource = '', scope }) => ({ resource: { group, version, resource }, namespaced: scope === 'Namespaced' }));
}
