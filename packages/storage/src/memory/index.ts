export type { RetentionOptions } from '../history/retention.js';
export { MemoryBackend } from './memory-backend.js';
