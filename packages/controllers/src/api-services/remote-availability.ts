import { type Aggregator, API_SERVICES, type APIService, availableCondition, isAvailable, type Verdict } from '@keelson/aggregator';
import type { ControllerAccess } from '../controller-access.js';
import { WorkQueue } from '../work-queue.js';
import { Disagreement } from './disagreement.js';
import { tellAvailability, tells } from './tell-availability.js';

/** Whom nothing has been heard of is looked at again after this. */
const CHECK_MS = 30_000;
/** Whoever does not answer is asked again, ever later but this soon. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
/** Those who do not answer must not keep the others waiting. */
const WORKERS = 16;

/** What is known of one extension server besides its object. */
interface Looked {
  readonly disagreement: Disagreement;
  failures: number;
  next: NodeJS.Timeout | undefined;
}

/**
 * Says of extension servers whether they can be reached. Every replica looks for itself, and serves by what it sees: what they say of it
 * in common is for others to read.
 */
export class RemoteAvailability {
  readonly #access: ControllerAccess;
  readonly #aggregator: Aggregator;
  readonly #queue: WorkQueue;
  readonly #looked = new Map<string, Looked>();
  /** Those of the start that have not been looked at yet. */
  readonly #unseen = new Set<string>();
  readonly #stopping = new AbortController();
  #allSeen: () => void = () => undefined;
  #following: { readonly synced: Promise<void>; stop(): void } | undefined;

  constructor(access: ControllerAccess, aggregator: Aggregator) {
    this.#access = access;
    this.#aggregator = aggregator;
    this.#queue = new WorkQueue({
      work: (name) => this.#look(name).finally(() => this.#seen(name)),
      onFailure: access.onFailure,
      workers: WORKERS,
      instruments: access.queues?.of('RemoteAvailabilityController'),
    });
    aggregator.onSuspect((name) => this.#queue.add(name));
  }

  /** Resolves when all have been looked at: who does not answer is not waited for longer than a few seconds. */
  async start(): Promise<void> {
    this.#following = this.#access.objects.follow<APIService>(API_SERVICES, {
      set: ({ metadata: { name = '' }, spec }) => (spec.service === undefined ? this.#forget(name) : this.#queue.add(name)),
      delete: ({ metadata: { name = '' } }) => this.#forget(name),
    });
    await this.#following.synced;
    for (const [name, { spec }] of this.#aggregator.apiServices)
      if (spec.service !== undefined && !this.#looked.has(name)) this.#unseen.add(name);
    // Not until the queue is empty: who does not answer is asked again and again.
    if (this.#unseen.size > 0) await new Promise<void>((resolve) => (this.#allSeen = resolve));
  }

  async stop(): Promise<void> {
    this.#following?.stop();
    this.#stopping.abort();
    for (const name of [...this.#looked.keys()]) this.#forget(name);
    await this.#queue.stop();
  }

  async #look(name: string): Promise<void> {
    const { signal } = this.#stopping;
    const verdict = await this.#aggregator.check(name, signal);
    if (verdict === undefined || signal.aborted) return;
    const looked = this.#looked.get(name) ?? { disagreement: new Disagreement(), failures: 0, next: undefined };
    this.#looked.set(name, looked);
    this.#lookAgain(name, looked, verdict);
    await Promise.all([this.#tell(name, looked, verdict), this.#aggregator.refresh(name, signal)]);
  }

  async #tell(name: string, { disagreement }: Looked, verdict: Verdict): Promise<void> {
    const apiService = this.#aggregator.apiServices.get(name);
    if (apiService === undefined || tells(apiService, verdict)) return;
    if (!disagreement.mayWrite(verdict, availableCondition(apiService), performance.now())) return;
    if (!(await tellAvailability(this.#access.client, apiService, verdict))) return;
    disagreement.written(verdict);
    if (isAvailable(apiService) && verdict.status !== 'True') this.#aggregator.metrics.becameUnavailable(name, verdict.reason);
  }

  #lookAgain(name: string, looked: Looked, { reason }: Verdict): void {
    clearTimeout(looked.next);
    looked.failures = reason === 'FailedDiscoveryCheck' ? looked.failures + 1 : 0;
    const afterMs = looked.failures === 0 ? CHECK_MS : Math.min(FIRST_RETRY_MS * 2 ** (looked.failures - 1), LONGEST_RETRY_MS);
    looked.next = setTimeout(() => this.#queue.add(name), afterMs).unref();
  }

  #seen(name: string): void {
    this.#unseen.delete(name);
    if (this.#unseen.size === 0) this.#allSeen();
  }

  #forget(name: string): void {
    this.#seen(name);
    clearTimeout(this.#looked.get(name)?.next);
    this.#looked.delete(name);
  }
}
