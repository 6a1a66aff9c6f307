import {
  type AdmissionAttributes,
  formatGroupVersion,
  type GroupVersionKind,
  type GroupVersionResource,
  type KubeObject,
  type ObjectReader,
  type ServedVersion,
} from '@keelson/machinery';
import { applyMergePatch } from '@keelson/patch';

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

/** A version whose objects have the hub's shape, and lists that are one value. */
export function served({ kind, resource }: Target, subresource = '', equivalents: readonly ServedVersion[] = []): ServedVersion {
  return {
    kind,
    resource,
    subresource,
    equivalents,
    labels: ({ metadata }) => metadata.labels,
    view: (hub) => ({ kind: kind.kind, apiVersion: formatGroupVersion(kind), ...hub }),
    update(hub, { kind: _kind, apiVersion: _apiVersion, ...fields }) {
      for (const member of Object.keys(hub)) delete (hub as unknown as Record<string, unknown>)[member];
      Object.assign(hub, fields);
    },
    merge: (view, configuration) => applyMergePatch(view, configuration),
  };
}

/** A write by an administrator. */
export function attributes(
  target: Target,
  operation: AdmissionAttributes['operation'],
  object: KubeObject | undefined,
  more: Partial<AdmissionAttributes> = {},
): AdmissionAttributes {
  const version = more.served ?? served(target, more.subresource);
  return {
    operation,
    served: version,
    kind: version.kind,
    resource: version.resource,
    subresource: version.subresource,
    namespace: object?.metadata.namespace ?? '',
    name: object?.metadata.name ?? '',
    user: { name: 'admin', groups: ['system:masters'] },
    dryRun: false,
    ...(object && { object }),
    options: {},
    signal: new AbortController().signal,
    deadlineAtMs: Number.POSITIVE_INFINITY,
    round: 0,
    reinvoke: () => undefined,
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
    list: async (namespace) => within(cached, namespace),
    listLatest: async (namespace) => within(objects, namespace),
  };
}

function within<T extends KubeObject>(all: readonly T[], namespace: string): T[] {
  return all.filter(({ metadata }) => namespace === '' || metadata.namespace === namespace);
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
