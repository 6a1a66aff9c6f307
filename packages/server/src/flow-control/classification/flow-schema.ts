import { LruMap, type UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';
import type { FlowInstruments } from '../../metrics/requests/flow-instruments.js';
import type { FlowOrigin } from '../flow-origin.js';
import type { PriorityLevel } from '../priority-level.js';
import type { RequestQueue } from '../queuing/request-queue.js';
import { dealHand, flowHash } from '../queuing/shuffle-shard.js';
import { compileSchema, type SchemaMatcher } from './compile-schema.js';

/** Queues that a flow may wait in. */
export type Hand = readonly RequestQueue<FlowOrigin>[];

/** Hands of so many flows are kept. */
const MAX_HANDS = 4096;

const noHand: Hand = [];

/** A FlowSchema in use, until the configuration of its level changes: what it takes, and where its flows wait. */
export class FlowSchema {
  readonly name: string;
  readonly uid: string;
  readonly level: PriorityLevel;
  readonly instruments: FlowInstruments;
  readonly matcher: SchemaMatcher;
  /** By what its flows are told apart; undefined: they are one. */
  readonly flowsBy: string | undefined;
  readonly #hands = new LruMap<string, Hand>(MAX_HANDS);

  constructor({ metadata, spec }: flowcontrol.v1.FlowSchema, level: PriorityLevel, instruments: FlowInstruments) {
    this.name = metadata.name ?? '';
    this.uid = metadata.uid ?? '';
    this.level = level;
    this.instruments = instruments;
    this.matcher = compileSchema(spec);
    this.flowsBy = spec.distinguisherMethod?.type;
  }

  /** The text by which the flow of a request is told from others. */
  flowOf(info: RequestInfo, user: UserInfo): string {
    if (this.flowsBy === 'ByUser') return user.name;
    return this.flowsBy === 'ByNamespace' ? info.namespace : '';
  }

  /** Few of all queues, so that a heavy flow is in the way of few others. */
  hand(flow: string): Hand {
    const { queues } = this.level;
    if (typeof queues.discipline === 'string') return noHand;
    let hand = this.#hands.get(flow);
    if (hand === undefined) {
      const { queues: deckSize, handSize } = queues.discipline;
      // One queue takes all; the hash is of no use then.
      hand = queues.hand(deckSize > 1 ? dealHand(flowHash(this.name, flow), deckSize, handSize) : [0]);
      this.#hands.set(flow, hand);
    }
    return hand;
  }
}
