import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinHostPort, type RemoteAccess } from '@keelson/machinery';

const ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Kubelets renew tokens long before they end. */
const REREAD_MS = 60_000;

/** How a pod reaches its cluster: by its service account. The token is read again from time to time, since it is renewed. */
export class InClusterAccess implements RemoteAccess {
  readonly insecureSkipTlsVerify = false;
  readonly #tokenFile: string;
  #token: string;
  #readAtMs = performance.now();

  private constructor(
    readonly server: string,
    readonly certificateAuthority: string,
    /** Where the pod runs. */
    readonly namespace: string,
    dir: string,
  ) {
    this.#tokenFile = join(dir, 'token');
    this.#token = readToken(this.#tokenFile);
  }

  /** Undefined outside of a pod. */
  static async find(env: NodeJS.ProcessEnv = process.env, dir = ACCOUNT_DIR): Promise<InClusterAccess | undefined> {
    const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = env;
    if (host === '') return undefined;
    const [authority, namespace] = await Promise.all([readFile(join(dir, 'ca.crt'), 'utf8'), readFile(join(dir, 'namespace'), 'utf8')]);
    return new InClusterAccess(`https://${joinHostPort(host, port)}`, authority, namespace.trim(), dir);
  }

  get authorization(): string {
    const nowMs = performance.now();
    if (nowMs - this.#readAtMs > REREAD_MS) {
      this.#token = readToken(this.#tokenFile);
      this.#readAtMs = nowMs;
    }
    return `Bearer ${this.#token}`;
  }
}

function readToken(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
