export { describeKvBackend } from './describe-kv-backend.js';
export { type KvCapabilities, KvContext } from './kv-context.js';
export { WatchReader } from './watch-reader.js';
