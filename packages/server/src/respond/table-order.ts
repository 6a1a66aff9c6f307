import type { ListPage } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';

/** A page of a list in the order in which a table shows it, where that is not the order of the keys. */
export function inTableOrder(version: ResourceVersion, page: ListPage): ListPage {
  const { tableOrder } = version.resource.definition;
  if (tableOrder === undefined) return page;
  const objects = Array.from(page.items, (stored) => ({ stored, object: version.hubObject(stored) }));
  objects.sort((a, b) => tableOrder(a.object, b.object));
  return { ...page, items: objects.map(({ stored }) => stored) };
}
