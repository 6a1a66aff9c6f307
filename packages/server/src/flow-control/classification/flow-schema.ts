import { LruMap, type UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';
import type { FlowInstruments } from '../../metrics/flow-instruments.js';
import type { FlowOrigin } from '../flow-origin.js';
import type { PriorityLevel } from '../priority-level.js';
import type { RequestQueue } from '../queuing/request-queue.js';
import { dealHand, flowHash } from '../queuing/shuffle-shard.js';
import { compileDistinguisher, compileSchema, type Distinguisher, type SchemaMatcher } from './compile-schema.js';

/** Hands of so many flows are kept. */
const MAX_HANDS = 4096;

const noHand: readonly RequestQueue<FlowOrigin>[] = [];

/** A FlowSchema in use: which requests it takes, at which priority level, and where their flows wait. */
export class FlowSchema {
  readonly name: string;
  readonly uid: string;
  readonly level: PriorityLevel;
  readonly instruments: FlowInstruments;
  readonly matches: SchemaMatcher;
  readonly distinguish: Distinguisher;
  #hands = new LruMap<string, readonly RequestQueue<FlowOrigin>[]>(MAX_HANDS);
  #dealtIn = -1;

  constructor({ metadata, spec }: flowcontrol.v1.FlowSchema, level: PriorityLevel, instruments: FlowInstruments) {
    this.name = metadata.name ?? '';
    this.uid = metadata.uid ?? '';
    this.level = level;
    this.instruments = instruments;
    this.matches = compileSchema(spec);
    this.distinguish = compileDistinguisher(spec);
  }

  /** Queues that the flow of a request may wait in: few of all, so that a heavy flow is in the way of few others. */
  hand(info: RequestInfo, user: UserInfo): readonly RequestQueue<FlowOrigin>[] {
    const { queues } = this.level;
    if (typeof queues.discipline === 'string') return noHand;
    if (this.#dealtIn !== queues.generation) {
      this.#dealtIn = queues.generation;
      this.#hands = new LruMap(MAX_HANDS);
    }
    const flow = this.distinguish(info, user);
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
