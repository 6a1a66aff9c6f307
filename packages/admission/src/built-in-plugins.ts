import type { AdmissionPlugin } from '@keelson/machinery';
import type { core, scheduling } from '@keelson/schema';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { NamespaceLifecycle } from './namespace-lifecycle.js';
import type { PluginHost } from './plugin-host.js';
import { PodSecurity } from './pod-security/pod-security.js';
import { Priority } from './priority.js';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';

type Factory = (host: PluginHost) => AdmissionPlugin;

const FACTORIES: Readonly<Record<string, Factory>> = {
  NamespaceLifecycle: ({ objects }) =>
    new NamespaceLifecycle(objects.reader<core.v1.Namespace>({ group: '', version: 'v1', resource: 'namespaces' })),
  TaintNodesByCondition: () => taintNodesByCondition,
  PodSecurity: ({ objects, log, configurations }) => new PodSecurity(objects, log, configurations.get('PodSecurity')),
  Priority: ({ objects }) =>
    new Priority(objects.reader<scheduling.v1.PriorityClass>({ group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' })),
  DefaultTolerationSeconds: () => defaultTolerationSeconds,
  StorageObjectInUseProtection: () => storageObjectInUseProtection,
};

/** Names of the plugins that there are. */
export const pluginNames: ReadonlySet<string> = new Set(Object.keys(FACTORIES));

/** Makes those of the named plugins that there are, in the order of the names. */
export function builtInPlugins(names: readonly string[], host: PluginHost): AdmissionPlugin[] {
  return names.filter((name) => pluginNames.has(name)).map((name) => (FACTORIES[name] as Factory)(host));
}
