export type { RetentionOptions } from '../history/retention.js';
export { MemoryBackend, type MemoryOptions } from './memory-backend.js';
