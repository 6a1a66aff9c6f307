export { KonnectivityProxy } from './konnectivity-proxy.js';
export { PluginServer } from './plugin-server.js';
