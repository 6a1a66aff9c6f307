import type { DialAddress, Dialer } from '@keelson/machinery';
import { Backend } from './backend.js';
import type { BackendAccess, BackendTrust, ClientCertificate } from './backend-access.js';

/** Connections that nobody used for so long are closed. */
const IDLE_MS = 90_000;
const SWEEP_MS = 30_000;

/** What all connections have in common. */
export interface PoolOptions {
  readonly client?: ClientCertificate | undefined;
  readonly dialer?: Dialer | undefined;
}

/** Connections to extension servers, by address and trust. */
export class BackendPool {
  readonly #backends = new Map<BackendTrust, Map<string, Backend>>();
  /** By what they say: who trusts alike shares connections. */
  readonly #trusts = new Map<string, BackendTrust>();
  readonly #onLost: (access: BackendAccess) => void;
  readonly #sweeping: NodeJS.Timeout;
  readonly #dialer: Dialer | undefined;
  #client: ClientCertificate | undefined;

  /** `onLost`: a connection to there was lost. */
  constructor({ client, dialer }: PoolOptions, onLost: (access: BackendAccess) => void) {
    this.#client = client;
    this.#dialer = dialer;
    this.#onLost = onLost;
    this.#sweeping = setInterval(() => this.#closeWhere((backend) => backend.idleFor(IDLE_MS)), SWEEP_MS).unref();
  }

  /** The one trust that says the same, to keep and to connect by. */
  trust(trust: BackendTrust): BackendTrust {
    const key = JSON.stringify(trust);
    const known = this.#trusts.get(key) ?? trust;
    this.#trusts.set(key, known);
    return known;
  }

  get(trust: BackendTrust, address: DialAddress): Backend {
    const backends = this.#backends.get(trust) ?? new Map<string, Backend>();
    this.#backends.set(trust, backends);
    const key = `${address.host} ${address.port}`;
    const known = backends.get(key);
    if (known !== undefined) return known;
    const access = { ...trust, address, ...(this.#client && { client: this.#client }), ...(this.#dialer && { dialer: this.#dialer }) };
    const made = new Backend(access, () => this.#onLost(access));
    backends.set(key, made);
    return made;
  }

  /** New connections show this certificate; what is under way on others goes on. */
  useClientCertificate(client: ClientCertificate): void {
    this.#client = client;
    this.#closeAll();
  }

  close(): void {
    clearInterval(this.#sweeping);
    this.#closeAll();
  }

  #closeAll(): void {
    this.#closeWhere(() => true);
  }

  #closeWhere(which: (backend: Backend) => boolean): void {
    for (const [trust, backends] of this.#backends) {
      for (const [key, backend] of backends) {
        if (!which(backend)) continue;
        backend.close();
        backends.delete(key);
      }
      if (backends.size > 0) continue;
      this.#backends.delete(trust);
      this.#trusts.delete(JSON.stringify(trust));
    }
  }
}
