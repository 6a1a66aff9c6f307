import { mkdir } from 'node:fs/promises';
import { optionsFromFlags } from '../apiserver/from-flags/options-from-flags.js';
import type { ApiServerOptions } from '../apiserver/options.js';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import type { GivenFlag } from '../flags/parse-flags.js';
import { parseFlags } from '../flags/parse-flags.js';
import type { Output } from '../output.js';
import { preparePki } from '../pki/prepare-pki.js';
import { ensureAuthenticationConfiguration } from './anonymous-health.js';
import type { ClusterPaths } from './cluster-paths.js';
import type { ClusterRequest } from './cluster-plan.js';
import { planCluster, replicaArgs, replicaHosts, wantedPorts } from './cluster-plan.js';
import { stopLeftoverProcesses } from './leftover-processes.js';
import { LocalCluster } from './local-cluster.js';
import { requireFreePorts } from './port-check.js';
import { requirePrograms } from './required-program.js';
import type { ProcessStatus } from './supervised-process.js';
import { clusterHost, etcdMembers, settleTopology } from './topology.js';
import type { UpFlagValues } from './up-flags.js';

export interface LocalClusterOptions {
  readonly paths: ClusterPaths;
  readonly flags: UpFlagValues;
  readonly given: readonly GivenFlag[];
  readonly output: Output;
  /** What starts one API server when its flags are put behind. */
  readonly apiServer: ClusterRequest['programs']['apiServer'];
  readonly report: (status: ProcessStatus) => void;
}

/** Everything before the first process starts: whatever can be wrong is said here. */
export async function prepareCluster({ paths, flags, given, output, apiServer, report }: LocalClusterOptions): Promise<LocalCluster> {
  const programs = { ...(await requirePrograms(['etcd', 'haproxy'])), apiServer };
  if (flags.masters === 2) output.warn('two etcd members survive no failure: use --masters 3 for that');
  const { members, ports } = await settle(paths, flags);
  const request: ClusterRequest = {
    paths,
    bindAddress: flags['bind-address'],
    port: flags['secure-port'],
    members,
    replicaPorts: ports,
    given,
    programs,
  };
  const { services } = replicaOptions(request);
  await stopLeftoverProcesses(paths, output);
  await requireFreePorts(wantedPorts(request));
  await preparePki({
    dir: paths.pki,
    serverHosts: replicaHosts(flags['bind-address']),
    clusterIpRanges: services.clusterIpRanges,
    etcdHosts: [clusterHost],
  });
  await ensureAuthenticationConfiguration(paths);
  // etcd keeps everything, secrets included: its data is for the owner only.
  await mkdir(paths.etcd, { recursive: true, mode: 0o700 });
  return new LocalCluster(await planCluster(request), paths.haproxyConfig, report);
}

/** The replicas' options as they will read them: what is wrong with a flag shows here, not in their logs. */
function replicaOptions(request: ClusterRequest): ApiServerOptions {
  return optionsFromFlags(parseFlags(apiServerFlags, replicaArgs(request, request.port)));
}

async function settle(paths: ClusterPaths, flags: UpFlagValues) {
  const topology = await settleTopology(paths, { masters: flags.masters, etcdPort: flags['etcd-port'] });
  const firstReplicaPort = flags['replica-port'] || flags['secure-port'] + 1;
  return { members: etcdMembers(topology), ports: Array.from({ length: topology.masters }, (_, index) => firstReplicaPort + index) };
}
