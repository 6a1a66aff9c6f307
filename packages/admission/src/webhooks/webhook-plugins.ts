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
import type { WebhookType } from './webhook-events.js';
import { type WebhookConfiguration, WebhookIndex } from './webhook-index.js';
import type { WebhookPluginParts } from './webhook-plugin-parts.js';
import { RiskWarnings } from './webhook-risks.js';

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
  return new MutatingWebhooks(await partsOf(host, 'admit', 'MutatingAdmissionWebhook', 'MutatingWebhookConfiguration'));
}

export async function validatingWebhooks(host: PluginHost): Promise<ValidatingWebhooks> {
  return new ValidatingWebhooks(await partsOf(host, 'validating', 'ValidatingAdmissionWebhook', 'ValidatingWebhookConfiguration'));
}

/** `kind`: of the configurations. */
async function partsOf(host: PluginHost, type: WebhookType, plugin: string, kind: string): Promise<WebhookPluginParts> {
  const { objects, authorizer, webhooks, log } = host;
  const { services, events, warnOfRisks } = webhooks;
  const credentials = await credentialsOf(host, host.configurations.get(plugin));
  const namespaces = NamespaceLabels.of(objects);
  const index = new WebhookIndex({
    namespaces,
    conditions: { authorizer, events, type },
    client: (config) => new WebhookClient(config, services, credentials),
    breaker: () => webhooks.breaker && new CircuitBreaker(webhooks.breaker),
  });
  objects.follow<WebhookConfiguration>({ group: 'admissionregistration.k8s.io', version: 'v1', resource: `${kind.toLowerCase()}s` }, index);
  return { index, events, risks: warnOfRisks ? new RiskWarnings(kind, namespaces) : undefined, log };
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
