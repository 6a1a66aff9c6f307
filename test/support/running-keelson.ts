import type { EtcdAddress, GoldenServer } from '../golden/api-client.js';
import type { TestProcess } from './child-process.js';

/** A server or cluster that tests talk to. */
export interface RunningKeelson extends GoldenServer {
  /** Certificate of the authority, PEM. */
  readonly ca: string;
  readonly caFile: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  /** Temporary directory of everything it keeps, removed by `stop`. */
  readonly dir: string;
  readonly etcd?: EtcdAddress | undefined;
  /** The process that was started, with a cluster the parent of all others. */
  readonly process: TestProcess;
  stop(): Promise<void>;
}
