import { readIfExists, writePublicFile } from '../pki/pki-files.js';
import type { ClusterPaths } from './cluster-paths.js';

/** What a cluster keeps for good: the etcd members know each other by these ports. */
export interface Topology {
  readonly masters: number;
  /** Member i listens for clients on `etcdPort + 2 * i`, for its peers on the port behind that. */
  readonly etcdPort: number;
}

/** The topology of the first start, which every later one keeps. Throws when another number of masters is wanted. */
export async function settleTopology(paths: ClusterPaths, wanted: Topology): Promise<Topology> {
  const existing = await readIfExists(paths.topology);
  if (existing === undefined) {
    await writePublicFile(paths.topology, `${JSON.stringify(wanted, undefined, 2)}\n`);
    return wanted;
  }
  const topology = parseTopology(existing, paths.topology);
  if (topology.masters !== wanted.masters) {
    throw new Error(
      `${paths.root} holds a cluster of ${topology.masters} masters: start it with --masters ${topology.masters}, or choose another directory with --data-dir`,
    );
  }
  return topology;
}

function parseTopology(text: string, file: string): Topology {
  try {
    const { masters, etcdPort }: Partial<Topology> = JSON.parse(text);
    if (Number.isSafeInteger(masters) && Number.isSafeInteger(etcdPort)) return { masters: Number(masters), etcdPort: Number(etcdPort) };
  } catch (error) {
    throw new Error(`${file} cannot be read: restore it, or choose another directory with --data-dir`, { cause: error });
  }
  throw new Error(`${file} does not describe a cluster: restore it, or choose another directory with --data-dir`);
}

export interface EtcdMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly clientPort: number;
  readonly peerPort: number;
}

/** Members talk over loopback only. */
export const clusterHost = '127.0.0.1';

export function etcdMembers({ masters, etcdPort }: Topology): readonly EtcdMember[] {
  return Array.from({ length: masters }, (_, index) => {
    const clientPort = etcdPort + 2 * index;
    const peerPort = clientPort + 1;
    return {
      name: `etcd-${index}`,
      clientPort,
      peerPort,
      clientUrl: `https://${clusterHost}:${clientPort}`,
      peerUrl: `https://${clusterHost}:${peerPort}`,
    };
  });
}
