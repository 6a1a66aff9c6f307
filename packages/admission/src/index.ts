export { builtInPlugins, pluginNames, type ReaderOf } from './built-in-plugins.js';
export { defaultTolerationSeconds } from './default-toleration-seconds.js';
export { NamespaceLifecycle } from './namespace-lifecycle.js';
export { Priority } from './priority.js';
export { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
export { taintNodesByCondition } from './taint-nodes-by-condition.js';
