export { describeKvBackend, type KvCapabilities } from './kv/index.js';
