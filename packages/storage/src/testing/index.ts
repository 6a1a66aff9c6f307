export { describeKvBackend, type KvCapabilities } from './kv/index.js';
export * from './store/index.js';
