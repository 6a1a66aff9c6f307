import { formatGroupVersion, type GroupVersionResource } from '@keelson/machinery';

/** `/api/v1/namespaces/default/pods/web`; '' for what is left out. */
export function resourcePath(gvr: GroupVersionResource, namespace = '', name = ''): string {
  const root = gvr.group === '' ? `/api/${gvr.version}` : `/apis/${formatGroupVersion(gvr)}`;
  const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${gvr.resource}${name === '' ? '' : `/${encodeURIComponent(name)}`}`;
}
