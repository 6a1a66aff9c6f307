import { join } from 'node:path';
import { freePortRange } from '../../packages/keelson/src/up/testing/free-ports.js';
import { TestProcess } from './child-process.js';

export interface RunningEtcd {
  readonly url: string;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const startMs = 30_000;

export interface EtcdOptions {
  /** Its port, and the next one; free ones when absent. */
  readonly port?: number;
  /** More flags. */
  readonly flags?: readonly string[];
}

/** Starts one etcd below `dir`, without TLS. */
export async function startEtcd(dir: string, options: EtcdOptions = {}): Promise<RunningEtcd> {
  const port = options.port ?? (await freePortRange(2));
  const [url, peerUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
  const etcd = new TestProcess(
    [
      'etcd',
      `--data-dir=${join(dir, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      ...(options.flags ?? []),
    ],
    join(dir, 'etcd.log'),
  );
  await etcd.ready(() => isHealthy(url), startMs);
  return { url, signal: (signal) => etcd.signal(signal), stop: () => etcd.stop() };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
