import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdMember } from './etcd-member.js';
import { freePorts } from './free-ports.js';

/** Files of the members' certificates. Clients must show one of the same authority. */
export interface EtcdTlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface StartEtcdOptions {
  /** @default 1 */
  readonly members?: number;
  readonly tls?: EtcdTlsFiles;
  /** Further flags for every member. */
  readonly flags?: readonly string[];
}

export interface EtcdCluster {
  readonly members: readonly EtcdMember[];
  readonly endpoints: readonly string[];
  /** The member that leads; waits for one. */
  leader(): Promise<EtcdMember>;
  /** Ends every member and deletes its data. */
  stop(): Promise<void>;
}

/** Others may take a port between choosing and using it. */
const START_ATTEMPTS = 3;
const PORTS_PER_MEMBER = 3;

/** Starts real etcd members for a test, on free ports of the loopback address, with data in memory where possible. */
export async function startEtcd(options: StartEtcdOptions = {}): Promise<EtcdCluster> {
  for (let attempt = 1; ; attempt++) {
    const cluster = await prepare(options);
    for (const member of cluster.members) member.start();
    try {
      await Promise.all(cluster.members.map((member) => member.ready()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function prepare(options: StartEtcdOptions): Promise<EtcdCluster> {
  const count = options.members ?? 1;
  const directory = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'etcd-test-'));
  const ports = await freePorts(count * PORTS_PER_MEMBER);
  const addresses = Array.from({ length: count }, (_, index) => memberAddresses(index, ports, options.tls !== undefined));
  const cluster = addresses.map(({ name, peer }) => `${name}=${peer}`).join(',');
  const members = addresses.map((address) => {
    const flags = memberFlags(address, cluster, directory, options);
    return new EtcdMember(address.name, address.client, address.metrics, flags);
  });
  return {
    members,
    endpoints: members.map((member) => member.endpoint),
    leader: () => findLeader(members, addresses),
    stop: async () => {
      await Promise.all(members.map((member) => member.kill()));
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

interface MemberAddresses {
  readonly name: string;
  readonly client: string;
  readonly peer: string;
  /** Plain HTTP, whatever clients use. */
  readonly metrics: string;
}

function memberAddresses(index: number, ports: readonly number[], tls: boolean): MemberAddresses {
  const [client, peer, metrics] = ports.slice(index * PORTS_PER_MEMBER, (index + 1) * PORTS_PER_MEMBER);
  return {
    name: `m${index}`,
    client: `${tls ? 'https' : 'http'}://127.0.0.1:${client}`,
    peer: `http://127.0.0.1:${peer}`,
    metrics: `http://127.0.0.1:${metrics}`,
  };
}

function memberFlags(address: MemberAddresses, cluster: string, directory: string, options: StartEtcdOptions): string[] {
  const { name, client, peer, metrics } = address;
  const settings: Record<string, string> = {
    name,
    'data-dir': join(directory, name),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'listen-metrics-urls': metrics,
    'initial-cluster': cluster,
    'initial-cluster-state': 'new',
    'initial-cluster-token': directory,
    logger: 'zap',
    'log-level': 'error',
    'experimental-watch-progress-notify-interval': '100ms',
  };
  return [
    ...Object.entries(settings).map(([flag, value]) => `--${flag}=${value}`),
    ...tlsFlags(options.tls),
    ...(supportsNoFsync() ? ['--unsafe-no-fsync'] : []),
    ...(options.flags ?? []),
  ];
}

function tlsFlags(tls: EtcdTlsFiles | undefined): string[] {
  if (tls === undefined) return [];
  return [`--cert-file=${tls.certFile}`, `--key-file=${tls.keyFile}`, `--trusted-ca-file=${tls.caFile}`, '--client-cert-auth'];
}

let noFsync: boolean | undefined;

function supportsNoFsync(): boolean {
  if (noFsync === undefined) {
    const { stdout, stderr } = spawnSync('etcd', ['--help'], { encoding: 'utf8' });
    noFsync = `${stdout}${stderr}`.includes('unsafe-no-fsync');
  }
  return noFsync;
}

async function findLeader(members: readonly EtcdMember[], addresses: readonly MemberAddresses[]): Promise<EtcdMember> {
  const deadlineMs = Date.now() + 30_000;
  while (Date.now() < deadlineMs) {
    for (const [index, member] of members.entries()) {
      if (await isLeader((addresses[index] as MemberAddresses).metrics)) return member;
    }
  }
  throw new Error('no member leads');
}

async function isLeader(metricsUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${metricsUrl}/metrics`, { signal: AbortSignal.timeout(1000) });
    return /^etcd_server_is_leader 1$/m.test(await response.text());
  } catch {
    // A member that is down does not lead.
    return false;
  }
}
