import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import { CANDIDATE_VALID_MS, isCandidateExpired, type LeaseCandidate } from './election.js';
import { LEASE_CANDIDATES } from './resources.js';

/** Removes the candidates that have not been heard of for too long to be elected. */
export class ExpiredCandidates {
  readonly #client: LoopbackClient;
  readonly #collection: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#collection = new RepeatedTask(() => this.#collect(), CANDIDATE_VALID_MS, onFailure);
  }

  start(): Promise<void> {
    return this.#collection.start();
  }

  stop(): Promise<void> {
    return this.#collection.stop();
  }

  async #collect(): Promise<void> {
    const all = (await this.#client.list(LEASE_CANDIDATES, '')) as LeaseCandidate[];
    for (const one of all) if (isCandidateExpired(one, Date.now())) await this.#client.delete(LEASE_CANDIDATES, one);
  }
}
