import { kubernetesRelease } from '@keelson/machinery';
import { firstServiceIp } from '@keelson/pki';
import { apiServerFlagGroups, apiServerFlags } from '../flags/apiserver-flags.js';
import { FlagError } from '../flags/flag-error.js';
import { parseFlags } from '../flags/parse-flags.js';
import { renderHelp } from '../flags/render-help.js';
import type { Output } from '../output.js';
import { ensureServingCertificate } from '../pki/ensure-serving-certificate.js';
import { stopOnSignals } from '../stop-on-signals.js';
import { keelsonVersion } from '../version.js';
import { optionsFromFlags } from './from-flags/options-from-flags.js';
import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';

const usage = 'keelson apiserver [flags]';

const description =
  'The API server. It serves the Kubernetes API over HTTPS and keeps its objects in etcd or in a store of its own. Flags carry the names and meanings of kube-apiserver; [no effect] marks those that are accepted and ignored, [not supported] those that are refused.';

/** `keelson apiserver`: runs until it is told to stop. */
export async function runApiServerCommand(args: readonly string[], output: Output): Promise<void> {
  const flags = parseFlags(apiServerFlags, args);
  const { values, positional, warnings } = flags;
  if (values.help) return output.print(renderHelp(usage, description, apiServerFlagGroups));
  if (values.version !== 'false') return output.print(versionText(values.version));
  if (positional.length > 0) throw new FlagError(`"keelson apiserver" does not take any arguments, got ${JSON.stringify(positional)}`);
  const options = optionsFromFlags(flags);
  for (const warning of warnings) output.warn(warning);
  const server = await launchApiServer(options);
  await stopOnSignals(server, output);
}

function versionText(detail: 'true' | 'raw'): string {
  return `Kubernetes ${kubernetesRelease} (Keelson v${keelsonVersion}${detail === 'raw' ? `, Node.js ${process.version}` : ''})`;
}

/** Prepares what the options only name (the generated certificate) and starts the server. */
export async function launchApiServer(options: ApiServerOptions): Promise<RunningApiServer> {
  await ensureServingCertificate(options.serving, options.services.clusterIpRanges.map(firstServiceIp));
  // Loaded only now: `--help` and a wrong flag answer without waiting for the whole server.
  const { startApiServer } = await import('./start.js');
  return startApiServer(options);
}
