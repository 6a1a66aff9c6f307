export { PluginServer } from './plugin-server.js';
