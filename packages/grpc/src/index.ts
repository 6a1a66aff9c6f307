export { KonnectivityDialer } from './konnectivity/konnectivity-dialer.js';
export * from './message.js';
export * from './plugin-client.js';
export * from './rpc-error.js';
