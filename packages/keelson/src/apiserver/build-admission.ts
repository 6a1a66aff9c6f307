import { builtInPlugins, type PluginHost, readAdmissionConfiguration } from '@keelson/admission';
import type { AdmissionPlugin } from '@keelson/machinery';
import { FlagError } from '../flags/flag-error.js';
import { readKubeconfig } from '../kubeconfig/read-kubeconfig.js';
import type { AdmissionOptions } from './options.js';

/** Makes the admission plugins that run, in their order. A configuration that cannot be used is the user's to repair. */
export async function buildAdmission(
  { plugins, configurationFile, tolerationSeconds }: AdmissionOptions,
  host: Pick<PluginHost, 'objects' | 'authorizer' | 'log'>,
): Promise<AdmissionPlugin[]> {
  try {
    const configurations = configurationFile === undefined ? new Map() : await readAdmissionConfiguration(configurationFile, plugins);
    return await builtInPlugins(plugins, { ...host, configurations, tolerationSeconds, readKubeconfig });
  } catch (error) {
    throw new FlagError((error as Error).message, { cause: error });
  }
}
