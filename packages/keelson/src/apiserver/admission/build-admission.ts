import { builtInPlugins, type PluginHost, readAdmissionConfiguration } from '@keelson/admission';
import { type AdmissionPlugin, type Egress, type Log, ServiceResolver } from '@keelson/machinery';
import { readKubeconfig, readKubeconfigUsers } from '@keelson/schema';
import type { Instruments } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import type { AdmissionOptions, ApiServerOptions } from '../options.js';

/** How long a webhook that does not answer is not asked: at first, and at most. */
const BREAKER_OPEN_MS = 10_000;
const BREAKER_MOST_OPEN_MS = 60_000;
/** Well below what leaders and nodes wait for their leases. */
const BREAKER_PATIENCE_MS = 2_000;

export interface AdmissionParts extends Pick<PluginHost, 'objects' | 'authorizer' | 'log'> {
  readonly egress: Egress;
  readonly instruments: Pick<Instruments, 'podSecurity' | 'policies' | 'webhooks'>;
}

/** Makes the admission plugins that run, in their order. A configuration that cannot be used is the user's to repair. */
export async function buildAdmission(
  { admission, services, features }: Pick<ApiServerOptions, 'admission' | 'services' | 'features'>,
  { instruments, egress, ...host }: AdmissionParts,
): Promise<AdmissionPlugin[]> {
  const { plugins, configurationFile, tolerationSeconds, warnOfRiskyWebhooks } = admission;
  try {
    const configurations = configurationFile === undefined ? new Map() : await readAdmissionConfiguration(configurationFile, plugins);
    const made = await builtInPlugins(plugins, {
      ...host,
      configurations,
      tolerationSeconds,
      features,
      podSecurity: instruments.podSecurity,
      policyEvents: instruments.policies,
      readKubeconfig,
      readKubeconfigUsers,
      webhooks: {
        services: new ServiceResolver(host.objects, services.dialOverrides, egress),
        breaker: breakerOf(admission),
        warnOfRisks: warnOfRiskyWebhooks,
        events: instruments.webhooks,
      },
    });
    tellOrder(made, host.log);
    return made;
  } catch (error) {
    throw new FlagError(`failed to apply admission: ${(error as Error).message}`, { cause: error });
  }
}

function breakerOf({ webhookBreakerFailures }: AdmissionOptions) {
  if (webhookBreakerFailures <= 0) return undefined;
  return { failures: webhookBreakerFailures, openMs: BREAKER_OPEN_MS, mostOpenMs: BREAKER_MOST_OPEN_MS, patienceMs: BREAKER_PATIENCE_MS };
}

function tellOrder(plugins: readonly AdmissionPlugin[], log: Log): void {
  const tell = (kind: string, names: readonly string[]) => {
    if (names.length === 0) return;
    log.info(0, `Loaded ${names.length} ${kind} admission controller(s) successfully in the following order: ${names.join(',')}.`);
  };
  tell('mutating', namesOf(plugins, 'admit'));
  tell('validating', namesOf(plugins, 'validate'));
}

function namesOf(plugins: readonly AdmissionPlugin[], step: 'admit' | 'validate'): string[] {
  return plugins.filter((plugin) => plugin[step] !== undefined).map((plugin) => plugin.name);
}
