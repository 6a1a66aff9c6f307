import { isAbsolute } from 'node:path';
import { aggregate, invalidField, type Json, path } from '@keelson/machinery';
import { type ConfigurationKind, readInnerConfiguration, shape } from '@keelson/schema';
import { NamespaceLabels } from '../matching/namespace-labels.js';
import type { PluginHost } from '../plugin-host.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { credentialsFrom } from './kubeconfig-users.js';
import { MutatingWebhooks } from './mutating-webhooks.js';
import { ValidatingWebhooks } from './validating-webhooks.js';
import { WebhookClient, type WebhookCredentials } from './webhook-client.js';
import { type WebhookConfiguration, WebhookIndex } from './webhook-index.js';

const { fields, text } = shape;
const configurationShape = fields({ kubeConfigFile: text });
type PluginConfiguration = ConfigurationKind<shape.Shaped<typeof configurationShape>>;

const CONFIGURATION: PluginConfiguration = {
  kind: 'WebhookAdmissionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1'],
  shape: configurationShape,
};
const EARLY_CONFIGURATION: PluginConfiguration = {
  kind: 'WebhookAdmission',
  apiVersions: ['apiserver.config.k8s.io/v1alpha1'],
  shape: configurationShape,
};

export async function mutatingWebhooks(host: PluginHost): Promise<MutatingWebhooks> {
  const index = await followedIndex(host, 'MutatingAdmissionWebhook', 'mutatingwebhookconfigurations');
  return new MutatingWebhooks(index, host.webhooks.events, host.log);
}

export async function validatingWebhooks(host: PluginHost): Promise<ValidatingWebhooks> {
  const index = await followedIndex(host, 'ValidatingAdmissionWebhook', 'validatingwebhookconfigurations');
  return new ValidatingWebhooks(index, host.webhooks.events, host.log);
}

async function followedIndex(host: PluginHost, plugin: string, resource: string): Promise<WebhookIndex> {
  const { objects, webhooks } = host;
  const credentials = await credentialsOf(host, host.configurations.get(plugin));
  const index = new WebhookIndex({
    namespaces: NamespaceLabels.of(objects),
    client: (config) => new WebhookClient(config, webhooks.services, credentials),
    breaker: () => webhooks.breaker && new CircuitBreaker(webhooks.breaker),
  });
  objects.follow<WebhookConfiguration>({ group: 'admissionregistration.k8s.io', version: 'v1', resource }, index);
  return index;
}

/** From the kubeconfig file that the plugin's configuration names. */
async function credentialsOf(host: PluginHost, configuration: Json | undefined): Promise<WebhookCredentials> {
  if (configuration === undefined) return () => ({});
  const isEarly = (configuration as { kind?: Json }).kind === EARLY_CONFIGURATION.kind;
  const { kubeConfigFile = '' } = readInnerConfiguration(configuration, isEarly ? EARLY_CONFIGURATION : CONFIGURATION).value;
  if (!isAbsolute(kubeConfigFile))
    throw new Error(aggregate([String(invalidField(path('kubeConfigFile'), kubeConfigFile, 'must be an absolute file path'))]));
  return credentialsFrom(await host.readKubeconfigUsers(kubeConfigFile));
}
