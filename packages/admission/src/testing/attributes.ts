import type { AdmissionAttributes, GroupVersionKind, GroupVersionResource, KubeObject, ObjectReader } from '@keelson/machinery';

/** A kind with its resource, as plugins are told of them. */
export interface Target {
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
}

export function target(group: string, kind: string, resource: string): Target {
  return { kind: { group, version: 'v1', kind }, resource: { group, version: 'v1', resource } };
}

export const pods = target('', 'Pod', 'pods');
export const namespaces = target('', 'Namespace', 'namespaces');

/** A write by an administrator. */
export function attributes(
  { kind, resource }: Target,
  operation: AdmissionAttributes['operation'],
  object: KubeObject | undefined,
  more: Partial<AdmissionAttributes> = {},
): AdmissionAttributes {
  return {
    operation,
    kind,
    resource,
    subresource: '',
    namespace: object?.metadata.namespace ?? '',
    name: object?.metadata.name ?? '',
    user: { name: 'admin', groups: ['system:masters'] },
    dryRun: false,
    ...(object && { object }),
    options: {},
    warn: () => undefined,
    annotate: () => undefined,
    ...more,
  };
}

/** Reads what it was given; `cached` is what an old cache shows instead. */
export function readerOf<T extends KubeObject>(objects: readonly T[], cached: readonly T[] = objects): ObjectReader<T> {
  const find = (all: readonly T[], namespace: string, name: string) =>
    all.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace);
  return {
    get: async (namespace, name) => find(cached, namespace, name),
    getLatest: async (namespace, name) => find(objects, namespace, name),
    list: async () => [...cached],
  };
}

/** The error that something fails with. */
export async function failureOf(act: () => Promise<void> | void): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return undefined;
}
