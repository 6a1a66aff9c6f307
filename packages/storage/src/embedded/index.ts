export type { RetentionOptions } from '../history/retention.js';
export { EmbeddedBackend, type EmbeddedOptions } from './embedded-backend.js';
