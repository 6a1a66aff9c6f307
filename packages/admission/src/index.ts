export { builtInPlugins, pluginNames } from './built-in-plugins.js';
export { readAdmissionConfiguration } from './configuration/read-admission-configuration.js';
export type { PluginHost } from './plugin-host.js';
export { WebhookClient, type WebhookCredentials } from './webhooks/webhook-client.js';
