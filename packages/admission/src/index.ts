export { builtInPlugins, pluginNames } from './built-in-plugins.js';
export { defaultTolerationSeconds } from './default-toleration-seconds.js';
export { NamespaceLifecycle } from './namespace-lifecycle.js';
export type { PluginHost } from './plugin-host.js';
export { PodSecurity } from './pod-security/pod-security.js';
export { Priority } from './priority.js';
export { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
export { taintNodesByCondition } from './taint-nodes-by-condition.js';
