import { FlagError } from '../flags/flag-error.js';
import type { GivenFlag } from '../flags/parse-flags.js';
import { parseFlags } from '../flags/parse-flags.js';
import { renderHelp } from '../flags/render-help.js';
import { writeAdminKubeconfig } from '../kubeconfig/write-kubeconfig.js';
import type { Output } from '../output.js';
import type { Stoppable } from '../stop-on-signals.js';
import { stopOnSignals } from '../stop-on-signals.js';
import { httpsUrl, localHost } from './bind-hosts.js';
import type { ClusterPaths } from './cluster-paths.js';
import { clusterPaths } from './cluster-paths.js';
import { lockDataDir } from './data-dir-lock.js';
import { prepareCluster } from './prepare-cluster.js';
import { startSingleServer } from './single-server.js';
import { statusLine } from './status-line.js';
import type { UpFlagValues } from './up-flags.js';
import { upFlagGroups, upFlags } from './up-flags.js';
import { welcomeText } from './welcome.js';

const usage = 'keelson up [--masters N] [flags]';

const description =
  'Runs a cluster on this machine: without --masters one process with an embedded store, with --masters N the shape of production, N API servers behind HAProxy on N etcd members. Every other flag of "keelson apiserver" is handed on to the API servers.';

const maxMasters = 9;

/** `keelson up`: runs until it is told to stop. */
export async function runUpCommand(args: readonly string[], output: Output): Promise<void> {
  const { values, given, positional, warnings } = parseFlags(upFlags, args);
  if (values.help) return output.print(renderHelp(usage, description, upFlagGroups));
  if (positional.length > 0) throw new FlagError(`"keelson up" does not take any arguments, got ${JSON.stringify(positional)}`);
  if (values.masters < 0 || values.masters > maxMasters)
    throw new FlagError(`--masters ${values.masters} must be between 0 and ${maxMasters}`);
  for (const warning of warnings) output.warn(warning);
  const paths = clusterPaths(values['data-dir']);
  const unlock = await lockDataDir(paths);
  try {
    await (values.masters === 0 ? runSingle(paths, values, given, output) : runCluster(paths, values, given, output));
  } finally {
    await unlock();
  }
}

async function runSingle(paths: ClusterPaths, flags: UpFlagValues, given: readonly GivenFlag[], output: Output): Promise<void> {
  const server = await startSingleServer(paths, flags, given);
  await welcome(paths, flags, output);
  await stopOnSignals(server, output);
}

async function runCluster(paths: ClusterPaths, flags: UpFlagValues, given: readonly GivenFlag[], output: Output): Promise<void> {
  const cluster = await prepareCluster({
    paths,
    flags,
    given,
    output,
    apiServer: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'apiserver'],
    report: (status) => output.print(statusLine(status)),
  });
  // Signals count from here on: a cluster that is still starting has to be stopped, too.
  const ended = stopOnSignals(cluster, output);
  // A cluster that fails to start is stopped again, which ends it, too: its error must not get lost over that.
  await Promise.all([ended, start(cluster, () => welcome(paths, flags, output))]);
}

async function start(cluster: Stoppable & { start(): Promise<boolean> }, onReady: () => Promise<void>): Promise<void> {
  if (await cluster.start()) await onReady();
}

async function welcome(paths: ClusterPaths, flags: UpFlagValues, output: Output): Promise<void> {
  const url = httpsUrl(localHost(flags['bind-address']), flags['secure-port']);
  await writeAdminKubeconfig({ file: paths.kubeconfig, server: url, pkiDir: paths.pki });
  output.print(welcomeText({ url, kubeconfig: paths.kubeconfig, seconds: performance.now() / 1000 }));
}
