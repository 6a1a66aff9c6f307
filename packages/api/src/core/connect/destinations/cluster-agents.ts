import type { Agent } from 'node:http';
import { type Dialer, plainAgent, secureAgent } from '@keelson/machinery';
import type { Destination } from './destination.js';

const keepAlive = { keepAlive: true } as const;

/** Connections to what runs in the cluster. */
export class ClusterAgents {
  readonly #plain: Agent;
  readonly #unverified: Agent;

  /** `dialer`: their way; Node's own when absent. */
  constructor(dialer?: Dialer) {
    this.#plain = plainAgent(keepAlive, dialer);
    // Nobody vouches for the certificates of pods.
    this.#unverified = secureAgent({ ...keepAlive, rejectUnauthorized: false }, dialer);
  }

  /** `port`: that of the scheme when undefined. */
  destination(scheme: string, host: string, port: number | undefined): Destination {
    if (scheme === 'https') return { secure: true, agent: this.#unverified, host, port: port ?? 443, path: '' };
    return { secure: false, agent: this.#plain, host, port: port ?? 80, path: '' };
  }
}
