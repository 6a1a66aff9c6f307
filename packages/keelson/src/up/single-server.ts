import { launchApiServer } from '../apiserver/command.js';
import { optionsFromFlags } from '../apiserver/from-flags/options-from-flags.js';
import type { RunningApiServer } from '../apiserver/running-api-server.js';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import type { GivenFlag } from '../flags/parse-flags.js';
import { parseFlags } from '../flags/parse-flags.js';
import { preparePki } from '../pki/prepare-pki.js';
import { anonymousHealth, ensureAuthenticationConfiguration } from './anonymous-health.js';
import { certifiedHosts } from './bind-hosts.js';
import type { ClusterPaths } from './cluster-paths.js';
import { requireFreePorts } from './port-check.js';
import type { FlagTexts } from './server-args.js';
import { commonDefaults, serverArgs } from './server-args.js';
import type { UpFlagValues } from './up-flags.js';

/** One API server in this process, on the embedded store or on an etcd that is there already. */
export async function startSingleServer(paths: ClusterPaths, flags: UpFlagValues, given: readonly GivenFlag[]): Promise<RunningApiServer> {
  const host = flags['bind-address'];
  const port = flags['secure-port'];
  const required = { 'bind-address': host, 'secure-port': String(port) };
  const defaults = { ...commonDefaults(paths.pki), ...anonymousHealth(paths, given) };
  const args = serverArgs({ ...required, ...storageFlags(paths, flags) }, defaults, given);
  const options = optionsFromFlags(parseFlags(apiServerFlags, args));
  await requireFreePorts([{ host, port, purpose: 'the API server', flag: '--secure-port' }]);
  await preparePki({ dir: paths.pki, serverHosts: certifiedHosts(host), clusterIpRanges: options.services.clusterIpRanges });
  await ensureAuthenticationConfiguration(paths);
  return launchApiServer(options);
}

function storageFlags(paths: ClusterPaths, flags: UpFlagValues): FlagTexts {
  const external = flags['etcd-servers'].length > 0 || flags['storage-backend'] === 'etcd3';
  return external ? {} : { 'storage-backend': 'embedded', 'data-dir': paths.store };
}
