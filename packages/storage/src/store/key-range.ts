import type { KeyRange, Selection } from '../resource-store.js';

export function rangeContains(range: KeyRange, path: string): boolean {
  return range.exact === true ? path === range.path : path.startsWith(range.path);
}

/** The value of a field that selectors may ask for by equality; names come from the key. */
export function fieldValue(object: { readonly path: string; readonly fields: Readonly<Record<string, string>> }, field: string): string {
  const slash = object.path.indexOf('/');
  if (field === 'metadata.name') return object.path.slice(slash + 1);
  if (field === 'metadata.namespace') return slash < 0 ? '' : object.path.slice(0, slash);
  return Object.hasOwn(object.fields, field) ? (object.fields[field] ?? '') : '';
}

/** The smallest range that holds every match: `metadata.name=web` in one namespace is a single key. */
export function narrowRange(range: KeyRange, selection: Selection | undefined, namespaced: boolean): KeyRange {
  const name = selection?.fields?.['metadata.name'];
  const namespace = selection?.fields?.['metadata.namespace'];
  if (range.exact === true || (name === undefined && namespace === undefined)) return range;
  if (!namespaced) return range.path === '' && isSegment(name) ? { path: name, exact: true } : range;
  const within = range.path === '' && isSegment(namespace) ? `${namespace}/` : range.path;
  const isNamespace = within.indexOf('/') === within.length - 1 && within !== '';
  return isNamespace && isSegment(name) ? { path: within + name, exact: true } : { path: within };
}

function isSegment(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !value.includes('/');
}
