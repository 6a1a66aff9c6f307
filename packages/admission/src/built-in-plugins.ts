import type { AdmissionPlugin, GroupVersionResource, KubeObject, ObjectReader } from '@keelson/machinery';
import type { core, scheduling } from '@keelson/schema';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { NamespaceLifecycle } from './namespace-lifecycle.js';
import { Priority } from './priority.js';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';

/** Gives plugins what they read. */
export type ReaderOf = <T extends KubeObject>(resource: GroupVersionResource) => ObjectReader<T>;

type Factory = (readerOf: ReaderOf) => AdmissionPlugin;

const FACTORIES: Readonly<Record<string, Factory>> = {
  NamespaceLifecycle: (readerOf) =>
    new NamespaceLifecycle(readerOf<core.v1.Namespace>({ group: '', version: 'v1', resource: 'namespaces' })),
  TaintNodesByCondition: () => taintNodesByCondition,
  Priority: (readerOf) =>
    new Priority(readerOf<scheduling.v1.PriorityClass>({ group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' })),
  DefaultTolerationSeconds: () => defaultTolerationSeconds,
  StorageObjectInUseProtection: () => storageObjectInUseProtection,
};

/** Names of the plugins that there are. */
export const pluginNames: ReadonlySet<string> = new Set(Object.keys(FACTORIES));

/** Makes those of the named plugins that there are, in the order of the names. */
export function builtInPlugins(names: readonly string[], readerOf: ReaderOf): AdmissionPlugin[] {
  return names.filter((name) => pluginNames.has(name)).map((name) => (FACTORIES[name] as Factory)(readerOf));
}
