import type { flowcontrol } from '@keelson/schema';
import type { LevelInstruments } from '../metrics/requests/flow-instruments.js';
import type { Alarms } from '../timing/alarms.js';
import type { FlowOrigin } from './flow-origin.js';
import { SeatDemand } from './limits/seat-demand.js';
import { type Discipline, QueueSet, type QueueSetObserver } from './queuing/queue-set.js';
import type { QueuedRequest } from './queuing/queued-request.js';
import { RetryAfter } from './retry-after.js';

type Spec = flowcontrol.v1.PriorityLevelConfigurationSpec;

/** How many seats a level has: what it is entitled to, what is left when it lends, what it may come to by borrowing. */
export interface SeatBounds {
  readonly nominal: number;
  readonly lowest: number;
  readonly highest: number;
}

/** More than are ever waited in at once: objects may ask for millions, each of which would take memory. */
const MAX_QUEUES = 16_384;
/** Of the nominal seats one request takes at most this part. */
const WIDEST_PART = 0.15;

/** A PriorityLevelConfiguration in use: its seats and queues, and how much of them is wanted. */
export class PriorityLevel implements QueueSetObserver<FlowOrigin> {
  readonly name: string;
  readonly queues: QueueSet<FlowOrigin>;
  readonly demand: SeatDemand;
  readonly retryAfter = new RetryAfter();
  readonly #instruments: LevelInstruments;
  uid = '';
  shares = 0;
  bounds: SeatBounds = { nominal: 0, lowest: 0, highest: 0 };
  /** What the borrowing aims at, for metrics. */
  target = 0;
  /** No schema leads here any more: it goes when what it has taken in is done. */
  isLeaving = false;
  #spec: Spec = { type: 'Exempt' };

  constructor(name: string, instruments: LevelInstruments, alarms: Alarms, nowMs: number) {
    this.name = name;
    this.#instruments = instruments;
    this.queues = new QueueSet(alarms, this, nowMs);
    this.demand = new SeatDemand(nowMs);
  }

  get isExempt(): boolean {
    return this.#spec.type === 'Exempt';
  }

  /** The widest that a request of this level is taken for; undefined: whatever its kind may be. */
  get widest(): number | undefined {
    const { discipline } = this.queues;
    if (typeof discipline === 'string') return undefined;
    const { nominal } = this.bounds;
    return Math.max(1, Math.min(Math.ceil(nominal * WIDEST_PART), Math.floor(nominal / discipline.handSize)));
  }

  use({ metadata, spec }: flowcontrol.v1.PriorityLevelConfiguration): void {
    this.uid = metadata.uid ?? '';
    this.#spec = spec;
    this.shares = (spec.limited ?? spec.exempt)?.nominalConcurrencyShares ?? 0;
    this.isLeaving = false;
  }

  /** Divides: `total` seats are for all levels, who have `shareSum` shares together. */
  entitle(total: number, shareSum: number, nowMs: number): void {
    const { limited, exempt } = this.#spec;
    // Rounded up: every level with a share has a seat.
    const nominal = Math.ceil((total * this.shares) / shareSum);
    const lendable = Math.round((nominal * ((limited ?? exempt)?.lendablePercent ?? 0)) / 100);
    const borrowable = limited?.borrowingLimitPercent == null ? total : Math.round((nominal * limited.borrowingLimitPercent) / 100);
    const isNew = this.bounds.nominal === 0 && this.queues.limit === 0;
    this.bounds = { nominal, lowest: nominal - lendable, highest: nominal + borrowable };
    this.queues.configure(disciplineOf(this.#spec), isNew ? nominal - Math.trunc(lendable / 2) : this.queues.limit, nowMs);
    const { discipline } = this.queues;
    this.#instruments.setCapacity(typeof discipline === 'string' ? 1 : discipline.queues * discipline.queueLengthLimit, nowMs);
  }

  /** `denominator`: what demand is measured by, for metrics. */
  setLimit(limit: number, denominator: number, nowMs: number): void {
    this.queues.setLimit(limit, nowMs);
    this.#instruments.setLimit(denominator, nowMs);
  }

  changed(nowMs: number): void {
    const { seatsInUse, seatsWaiting } = this.queues;
    this.demand.set(seatsInUse + seatsWaiting, nowMs);
    this.#instruments.changed(this.queues, nowMs);
  }

  notAccommodated({ origin }: QueuedRequest<FlowOrigin>): void {
    origin.schema.instruments.series.notAccommodated.add();
  }

  epochAdvanced(): void {
    this.#instruments.epochs.add();
  }
}

function disciplineOf({ type, limited }: Spec): Discipline {
  if (type === 'Exempt') return 'exempt';
  const queuing = limited?.limitResponse.queuing;
  if (queuing == null) return 'none';
  return { queues: Math.min(queuing.queues, MAX_QUEUES), handSize: queuing.handSize, queueLengthLimit: queuing.queueLengthLimit };
}
