import { formatGroupVersion, type GroupVersionKind } from '@keelson/machinery';

/** `{"kind":"Pod","apiVersion":"v1",`: what documents of a kind begin with. */
export function jsonPrefix(kind: GroupVersionKind): Buffer {
  return Buffer.from(`{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(formatGroupVersion(kind))},`);
}

/** The same of metadata on its own, in a version of meta.k8s.io. */
export function partialPrefix(version: string): Buffer {
  return jsonPrefix({ group: 'meta.k8s.io', version, kind: 'PartialObjectMetadata' });
}
