export { hostOf } from './host.js';
export * from './webhook-server.js';
