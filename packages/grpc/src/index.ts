export * from './message.js';
export * from './plugin-client.js';
export * from './rpc-error.js';
