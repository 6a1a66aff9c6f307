import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenFlag } from '../flags/parse-flags.js';
import { certificateFile, keyFile } from '../pki/pki-files.js';
import { anonymousHealth } from './anonymous-health.js';
import { certifiedHosts, httpsUrl, localHost } from './bind-hosts.js';
import type { ClusterPaths } from './cluster-paths.js';
import { haproxyConfig } from './haproxy-config.js';
import type { ProbeCredentials } from './https-probe.js';
import { httpsProbe } from './https-probe.js';
import type { WantedPort } from './port-check.js';
import { commonDefaults, serverArgs } from './server-args.js';
import type { ProcessSpec } from './supervised-process.js';
import type { EtcdMember } from './topology.js';
import { clusterHost } from './topology.js';

export interface ClusterRequest {
  readonly paths: ClusterPaths;
  readonly bindAddress: string;
  readonly port: number;
  readonly members: readonly EtcdMember[];
  /** Port of each replica. */
  readonly replicaPorts: readonly number[];
  /** Flags the user wants every replica to have. */
  readonly given: readonly GivenFlag[];
  readonly programs: {
    readonly etcd: string;
    readonly haproxy: string;
    /** What starts one API server when its flags are put behind. */
    readonly apiServer: readonly [program: string, ...args: string[]];
  };
}

/** The processes of a local cluster: each group needs those before it. */
export interface ClusterPlan {
  readonly url: string;
  readonly etcd: readonly ProcessSpec[];
  readonly replicas: readonly ProcessSpec[];
  readonly loadBalancer: ProcessSpec;
  readonly haproxyConfig: string;
}

const etcdStartMs = 60_000;
const replicaStartMs = 60_000;
const loadBalancerStartMs = 20_000;
const stopMs = 30_000;

/** What each etcd member is told, wherever its files and peers are. */
export const etcdTuning: readonly string[] = [
  // The recommended largest size of a database.
  `--quota-backend-bytes=${8 * 2 ** 30}`,
  // Members that cannot be asked for progress (before 3.4.25 and 3.5.8) tell it by themselves this often.
  '--experimental-watch-progress-notify-interval=5s',
  '--logger=zap',
];

/** Longer than HAProxy takes to notice a failing /readyz, so that it turns away before the server does. */
const shutdownDelay = '3s';

export function wantedPorts({
  bindAddress,
  port,
  members,
  replicaPorts,
}: Omit<ClusterRequest, 'paths' | 'given' | 'programs'>): readonly WantedPort[] {
  return [
    { host: bindAddress, port, purpose: 'HAProxy', flag: '--secure-port' },
    ...replicaPorts.map((each, index) => ({ host: clusterHost, port: each, purpose: `apiserver-${index}`, flag: '--replica-port' })),
    ...members.flatMap(({ name, clientPort, peerPort }) =>
      [clientPort, peerPort].map((each) => ({ host: clusterHost, port: each, purpose: name, flag: '--etcd-port' })),
    ),
  ];
}

/** Reads the certificates that the probes need, so they must exist. */
export async function planCluster(request: ClusterRequest): Promise<ClusterPlan> {
  const { paths, programs, members, replicaPorts, bindAddress, port } = request;
  const etcdProbe = await probeCredentials(paths.pki, 'etcd/ca', 'etcd/healthcheck-client');
  const serverProbe = await probeCredentials(paths.pki, 'ca', 'healthcheck-client');
  const url = httpsUrl(localHost(bindAddress), port);
  return {
    url,
    etcd: members.map((member) => ({
      ...named(paths, member.name, member.clientUrl),
      command: [programs.etcd, ...etcdArgs(paths, member, members)],
      isReady: () => httpsProbe(`${member.clientUrl}/health`, etcdProbe),
      startTimeoutMs: etcdStartMs,
    })),
    replicas: replicaPorts.map((replicaPort, index) => {
      const endpoint = httpsUrl(clusterHost, replicaPort);
      return {
        ...named(paths, `apiserver-${index}`, endpoint),
        command: [...programs.apiServer, ...replicaArgs(request, replicaPort)],
        isReady: () => httpsProbe(`${endpoint}/readyz`, serverProbe),
        startTimeoutMs: replicaStartMs,
      };
    }),
    loadBalancer: {
      ...named(paths, 'haproxy', url),
      command: [programs.haproxy, '-db', '-f', paths.haproxyConfig],
      isReady: () => httpsProbe(`${url}/readyz`, serverProbe),
      startTimeoutMs: loadBalancerStartMs,
    },
    haproxyConfig: haproxyConfig({
      bind: `${bindAddress}:${port}`,
      servers: replicaPorts.map((replicaPort, index) => ({ name: `apiserver-${index}`, host: clusterHost, port: replicaPort })),
      caFile: certificateFile(paths.pki, 'ca'),
      clientPemFile: join(paths.pki, 'healthcheck-client.pem'),
    }),
  };
}

/** Names and addresses the replicas' certificate is for. */
export const replicaHosts = (bindAddress: string): readonly string[] => [clusterHost, ...certifiedHosts(bindAddress)];

function named(paths: ClusterPaths, name: string, endpoint: string) {
  return {
    name,
    endpoint,
    logFile: join(paths.logs, `${name}.log`),
    recordFile: join(paths.run, `${name}.json`),
    stopTimeoutMs: stopMs,
  };
}

function etcdArgs(paths: ClusterPaths, member: EtcdMember, members: readonly EtcdMember[]): readonly string[] {
  const pki = (path: string) => ({ cert: certificateFile(paths.pki, path), key: keyFile(paths.pki, path) });
  const ca = certificateFile(paths.pki, 'etcd/ca');
  const [server, peer] = [pki('etcd/server'), pki('etcd/peer')];
  return [
    `--name=${member.name}`,
    `--data-dir=${join(paths.etcd, member.name)}`,
    `--listen-client-urls=${member.clientUrl}`,
    `--advertise-client-urls=${member.clientUrl}`,
    `--listen-peer-urls=${member.peerUrl}`,
    `--initial-advertise-peer-urls=${member.peerUrl}`,
    `--initial-cluster=${members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',')}`,
    '--initial-cluster-token=keelson',
    '--initial-cluster-state=new',
    ...[`--cert-file=${server.cert}`, `--key-file=${server.key}`, `--trusted-ca-file=${ca}`, '--client-cert-auth'],
    ...[`--peer-cert-file=${peer.cert}`, `--peer-key-file=${peer.key}`, `--peer-trusted-ca-file=${ca}`, '--peer-client-cert-auth'],
    ...etcdTuning,
  ];
}

export function replicaArgs({ paths, members, given }: ClusterRequest, port: number): readonly string[] {
  const required = {
    'bind-address': clusterHost,
    'secure-port': String(port),
    'etcd-servers': members.map(({ clientUrl }) => clientUrl).join(','),
    'etcd-cafile': certificateFile(paths.pki, 'etcd/ca'),
    'etcd-certfile': certificateFile(paths.pki, 'apiserver-etcd-client'),
    'etcd-keyfile': keyFile(paths.pki, 'apiserver-etcd-client'),
  };
  const defaults = {
    ...commonDefaults(paths.pki),
    ...anonymousHealth(paths, given),
    'shutdown-delay-duration': shutdownDelay,
    'shutdown-send-retry-after': 'true',
    'goaway-chance': '0.001',
  };
  return serverArgs(required, defaults, given);
}

async function probeCredentials(pkiDir: string, authority: string, client: string): Promise<ProbeCredentials> {
  const [ca, cert, key] = await Promise.all([
    readFile(certificateFile(pkiDir, authority), 'utf8'),
    readFile(certificateFile(pkiDir, client), 'utf8'),
    readFile(keyFile(pkiDir, client), 'utf8'),
  ]);
  return { ca, cert, key };
}
