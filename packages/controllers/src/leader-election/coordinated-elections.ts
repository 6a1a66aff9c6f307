import { hasReason, microTimeNow, type ObjectReader } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import type { ControllerAccess } from '../controller-access.js';
import { ObjectLoop } from '../object-loop.js';
import {
  CANDIDATE_VALID_MS,
  chosenStrategy,
  isAsked,
  isCandidateExpired,
  isLeaseExpired,
  type Lease,
  type LeaseCandidate,
  OLDEST_EMULATION_VERSION,
  oldestEmulation,
  timeOf,
} from './election.js';
import { LEASE_CANDIDATES, LEASES } from './resources.js';

/** A lease is looked at again after this time: whether its holder still renews it shows only then. */
const NEXT_LOOK_MS = 5_000;
/** Candidates have this long to answer. */
const ELECTION_MS = 5_000;
const LEASE_SECONDS = 5;

/**
 * Chooses who holds a lease among the candidates that name it (KEP-4355). Before it does, it asks those that it has not heard
 * of for a while whether they are still there.
 */
export class CoordinatedElections {
  readonly #client: LoopbackClient;
  readonly #leases: ObjectReader<Lease>;
  readonly #candidates: ObjectReader<LeaseCandidate>;
  readonly #loop: ObjectLoop;

  constructor({ objects, client, onFailure, queues }: ControllerAccess) {
    this.#client = client;
    this.#leases = objects.reader<Lease>(LEASES);
    this.#candidates = objects.reader<LeaseCandidate>(LEASE_CANDIDATES);
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      instruments: queues?.of('leader_election_controller'),
      sources: [
        { resource: LEASE_CANDIDATES, keysOf: (object) => leaseOf(object as LeaseCandidate) },
        { resource: LEASES, keysOf: ({ metadata }) => [keyOf(metadata.namespace, metadata.name)] },
      ],
      work: (key) => this.#look(key),
    });
  }

  /** Resolves when all leases with candidates have been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(key: string): Promise<number | undefined> {
    const [namespace = '', name = ''] = key.split('/');
    const nowMs = Date.now();
    const all = await this.#candidates.list(namespace);
    const candidates = all.filter((one) => one.spec.leaseName === name && !isCandidateExpired(one, nowMs));
    if (candidates.length === 0) return undefined;
    if (!isElectionNeeded(await this.#leases.get(namespace, name), candidates, nowMs)) return NEXT_LOOK_MS;
    const wait = await this.#askAll(candidates, nowMs);
    return wait ?? this.#elect(namespace, name, candidates, nowMs);
  }

  /** Until when to wait for answers, if at all. */
  async #askAll(candidates: readonly LeaseCandidate[], nowMs: number): Promise<number | undefined> {
    const isSilent = ({ spec }: LeaseCandidate) => nowMs - (timeOf(spec.renewTime) ?? 0) >= ELECTION_MS;
    const toAsk = candidates.filter((one) => isSilent(one) && !isAsked(one));
    for (const { metadata } of toAsk) await this.#ask(metadata.namespace ?? '', metadata.name ?? '');
    const isWaited = ({ spec }: LeaseCandidate) => nowMs - (timeOf(spec.pingTime) ?? 0) < ELECTION_MS;
    return toAsk.length > 0 || candidates.some((one) => isAsked(one) && isWaited(one)) ? NEXT_LOOK_MS : undefined;
  }

  async #ask(namespace: string, name: string): Promise<void> {
    await this.#client.update(LEASE_CANDIDATES, namespace, name, (candidate) => {
      (candidate as LeaseCandidate).spec.pingTime = microTimeNow();
    });
  }

  async #elect(namespace: string, name: string, candidates: readonly LeaseCandidate[], nowMs: number): Promise<number | undefined> {
    const present = candidates.filter(({ spec }) => nowMs - (timeOf(spec.renewTime) ?? 0) < ELECTION_MS);
    if (present.length === 0) return undefined;
    const strategy = chosenStrategy(present);
    const holder = strategy === OLDEST_EMULATION_VERSION ? oldestEmulation(present)?.metadata.name : undefined;
    if (!(await this.#create(namespace, name, strategy, holder)))
      await this.#client.update(LEASES, namespace, name, (lease) => hand(lease as Lease, strategy, holder));
    return NEXT_LOOK_MS;
  }

  /** False where there is one. */
  async #create(namespace: string, name: string, strategy: string, holder: string | undefined): Promise<boolean> {
    const spec = { strategy, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTimeNow() };
    try {
      const lease: Lease = { metadata: { namespace, name }, spec: { ...spec, ...(holder !== undefined && { holderIdentity: holder }) } };
      await this.#client.create(LEASES, lease);
      return true;
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return false;
      throw error;
    }
  }
}

function keyOf(namespace = '', name = ''): string {
  return `${namespace}/${name}`;
}

/** One that was asked has not said anything yet: an election is under way. */
function leaseOf(candidate: LeaseCandidate): string[] {
  return isAsked(candidate) ? [] : [keyOf(candidate.metadata.namespace, candidate.spec.leaseName)];
}

function isElectionNeeded(lease: Lease | undefined, candidates: readonly LeaseCandidate[], nowMs: number): boolean {
  if (lease === undefined || isLeaseExpired(lease, nowMs) || !lease.spec.holderIdentity) return true;
  // All are heard of by and by, so that none that is there expires.
  if (candidates.some(({ spec }) => (timeOf(spec.renewTime) ?? nowMs) + CANDIDATE_VALID_MS / 2 < nowMs)) return true;
  if (chosenStrategy(candidates) !== OLDEST_EMULATION_VERSION) return false;
  const best = oldestEmulation(candidates)?.metadata.name;
  return best !== undefined && best !== lease.spec.holderIdentity;
}

/** Gives a lease that nobody holds to `holder`; asks who holds it to give it to `holder`. In place. */
function hand({ spec }: Lease, strategy: string, holder: string | undefined): void {
  spec.strategy = strategy;
  if (holder === undefined || holder === spec.holderIdentity) return;
  if (spec.holderIdentity && !isLeaseExpired({ spec } as Lease, Date.now())) {
    spec.preferredHolder = holder;
    return;
  }
  delete spec.preferredHolder;
  delete spec.acquireTime;
  Object.assign(spec, { holderIdentity: holder, renewTime: microTimeNow(), leaseDurationSeconds: LEASE_SECONDS });
}
