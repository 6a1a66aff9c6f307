import { readFile } from 'node:fs/promises';
import { Kubelets, type KubeletTls } from '@keelson/api';
import { type Dialer, type Egress, FileFollower } from '@keelson/machinery';
import type { Log } from '@keelson/server';
import { FlagError } from '../flags/flag-error.js';
import type { KubeletAccessOptions } from './options.js';

/** Kubelets, and the files that say how they and this server know each other, which are followed. */
export class KubeletAccess {
  readonly kubelets: Kubelets;
  readonly #options: KubeletAccessOptions;
  readonly #follower: FileFollower;
  readonly #log: Log;

  private constructor(options: KubeletAccessOptions, tls: KubeletTls, dialer: Dialer | undefined, log: Log) {
    this.kubelets = new Kubelets({ addressTypes: options.addressTypes, tls, ...(dialer && { dialer }) });
    this.#options = options;
    this.#log = log;
    const { authorityFile, client } = options;
    this.#follower = new FileFollower(
      [authorityFile ?? [], client === undefined ? [] : [client.certFile, client.keyFile]].flat(),
      () => void this.#reload(),
      (directory, error) => log.warn('cannot watch for changes of the files of kubelets', { directory, error }),
    );
  }

  static async open(options: KubeletAccessOptions, { cluster }: Egress, log: Log): Promise<KubeletAccess> {
    try {
      return new KubeletAccess(options, await readTls(options), cluster, log);
    } catch (error) {
      throw new FlagError(`--kubelet-certificate-authority, --kubelet-client-certificate: ${(error as Error).message}`, { cause: error });
    }
  }

  start(): void {
    this.#follower.start();
  }

  close(): void {
    this.#follower.close();
  }

  async #reload(): Promise<void> {
    try {
      this.kubelets.use(await readTls(this.#options));
    } catch (error) {
      this.#log.warn('cannot read the files of kubelets, the last ones stay', { error });
    }
  }
}

async function readTls({ authorityFile, client }: KubeletAccessOptions): Promise<KubeletTls> {
  const read = (file: string) => readFile(file, 'utf8');
  return {
    ...(authorityFile !== undefined && { authorities: await read(authorityFile) }),
    ...(client !== undefined && { client: { certificate: await read(client.certFile), key: await read(client.keyFile) } }),
  };
}
