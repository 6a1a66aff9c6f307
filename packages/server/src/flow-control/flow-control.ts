import type { GroupVersionResource, Log, ObjectAccess, ObjectReceiver, UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { RequestInfo } from '../filters/request-info.js';
import type { FlowControlMetrics } from '../metrics/requests/flow-control-metrics.js';
import { Alarms } from '../timing/alarms.js';
import { FlowSchema } from './classification/flow-schema.js';
import { UserFlow } from './classification/user-flow.js';
import { adjustLimits } from './limits/adjust-limits.js';
import { PriorityLevel } from './priority-level.js';

type Schema = flowcontrol.v1.FlowSchema;
type Level = flowcontrol.v1.PriorityLevelConfiguration;

/** What there always is, also before there are objects of it, or when somebody has deleted them. */
export interface MandatoryFlowControl {
  readonly flowSchemas: readonly Schema[];
  readonly priorityLevels: readonly Level[];
}

export interface FlowControlOptions {
  /** Seats of all levels together: requests that are executed at once, those of exempt levels aside. */
  readonly seats: number;
  readonly mandatory: MandatoryFlowControl;
  readonly metrics: FlowControlMetrics;
  readonly log: Log;
}

const ADJUSTMENT_MS = 10_000;
const CATCH_ALL = 'catch-all';
const EXEMPT = 'exempt';

const gvr = (resource: string): GroupVersionResource => ({ group: 'flowcontrol.apiserver.k8s.io', version: 'v1', resource });

/**
 * Which requests belong to which priority level, and how many seats each level has (KEP-1040): as the FlowSchemas and
 * PriorityLevelConfigurations of the cluster say, followed as they change.
 */
export class FlowControl {
  readonly #options: FlowControlOptions;
  readonly alarms = new Alarms();
  readonly #schemaObjects = new Map<string, Schema>();
  readonly #levelObjects = new Map<string, Level>();
  readonly #levels = new Map<string, PriorityLevel>();
  /** In the order in which they are asked. */
  #schemas: readonly FlowSchema[] = [];
  /** By the users that authenticators know, who hand out the same one for the same credential. */
  #flowsOf = new WeakMap<UserInfo, readonly UserFlow[]>();
  #nominalSum = 0;
  #fairFraction = 0;
  #isStale = false;
  #adjustments: NodeJS.Timeout | undefined;

  constructor(options: FlowControlOptions) {
    this.#options = options;
    this.#digest();
    options.metrics.observe({
      levels: () => this.#levels.values(),
      schemas: () => this.#schemas,
      fairFraction: () => this.#fairFraction,
    });
  }

  get levels(): readonly PriorityLevel[] {
    return [...this.#levels.values()];
  }

  /** Uses the objects of the server instead of the mandatory ones alone. */
  follow(objects: Pick<ObjectAccess, 'follow'>): void {
    objects.follow<Schema>(gvr('flowschemas'), this.#keep(this.#schemaObjects));
    objects.follow<Level>(gvr('prioritylevelconfigurations'), this.#keep(this.#levelObjects));
  }

  start(): void {
    this.#adjustments = setInterval(() => this.#adjust(performance.now()), ADJUSTMENT_MS).unref();
  }

  stop(): void {
    clearInterval(this.#adjustments);
    this.alarms.stop();
  }

  /** What takes a request: of all schemas that fit the first one. */
  classify(info: RequestInfo, user: UserInfo): UserFlow {
    let flows = this.#flowsOf.get(user);
    if (flows === undefined) {
      flows = this.#flowsFor(user);
      this.#flowsOf.set(user, flows);
    }
    for (const flow of flows) if (flow.matches(info)) return flow;
    throw new Error('flow control has no schema that takes everything');
  }

  #flowsFor(user: UserInfo): readonly UserFlow[] {
    return this.#schemas.flatMap((schema) => {
      // Whatever its object says: nothing is left without one.
      const matches = schema.name === CATCH_ALL ? () => true : schema.matcher(user);
      return matches === undefined ? [] : new UserFlow(schema, user, matches);
    });
  }

  #keep<T extends Schema | Level>(kept: Map<string, T>): ObjectReceiver<T> {
    return {
      set: (object) => {
        const name = object.metadata.name ?? '';
        const known = kept.get(name);
        kept.set(name, object);
        // Its status is of no interest here, and changes as a consequence.
        if (known?.metadata.generation !== object.metadata.generation || known?.metadata.uid !== object.metadata.uid) this.#reconsider();
      },
      delete: ({ metadata: { name = '' } }) => {
        kept.delete(name);
        this.#reconsider();
      },
    };
  }

  /** Changes come together: all objects at the start, schemas with their levels. */
  #reconsider(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    setImmediate(() => {
      this.#isStale = false;
      this.#digest();
    });
  }

  #digest(): void {
    const nowMs = performance.now();
    const { mandatory, log } = this.#options;
    const leaving = new Set(this.#levels.keys());
    const usable = [...this.#levelObjects.values()].filter((level) => {
      if (isUsable(level)) return true;
      log.warn('a priority level is ignored: what its spec says does not go together', { level: level.metadata.name });
      return false;
    });
    for (const [name, object] of withMandatory(usable, mandatory.priorityLevels)) {
      leaving.delete(name);
      this.#level(name, nowMs).use(object);
    }
    for (const name of leaving) this.#leave(name);
    for (const { instruments } of this.#schemas) instruments.settle();
    this.#schemas = this.#compileSchemas();
    this.#flowsOf = new WeakMap();
    this.#entitle(nowMs);
  }

  #level(name: string, nowMs: number): PriorityLevel {
    let level = this.#levels.get(name);
    if (level === undefined) {
      level = new PriorityLevel(name, this.#options.metrics.level(name), this.alarms, nowMs);
      this.#levels.set(name, level);
    }
    return level;
  }

  /** A level that is not wanted any more keeps its seats until what it has taken in is done. */
  #leave(name: string): void {
    const level = this.#levels.get(name);
    if (level === undefined) return;
    if (level.queues.isIdle) this.#levels.delete(name);
    else level.isLeaving = true;
  }

  #compileSchemas(): readonly FlowSchema[] {
    const objects = [...withMandatory(this.#schemaObjects.values(), this.#options.mandatory.flowSchemas).values()];
    return objects.sort(byPrecedence).flatMap((object) => {
      const level = this.#levels.get(object.spec.priorityLevelConfiguration.name);
      // One that leads nowhere takes nothing.
      if (level === undefined || level.isLeaving) return [];
      return new FlowSchema(object, level, this.#options.metrics.flow(level.name, object.metadata.name ?? '', level.isExempt));
    });
  }

  #entitle(nowMs: number): void {
    const { seats } = this.#options;
    const shareSum = this.levels.reduce((sum, { shares }) => sum + shares, 0);
    for (const level of this.levels) level.entitle(seats, shareSum, nowMs);
    this.#nominalSum = this.levels.reduce((sum, { bounds }) => sum + bounds.nominal, 0);
    this.#adjust(nowMs);
  }

  /** Levels that have too much lend to those that have too little. */
  #adjust(nowMs: number): void {
    for (const [name, level] of this.#levels) if (level.isLeaving && level.queues.isIdle) this.#levels.delete(name);
    this.#fairFraction = adjustLimits(this.levels, this.#nominalSum, this.#options.seats, nowMs);
  }
}

/** By name. */
function withMandatory<T extends Schema | Level>(objects: Iterable<T>, mandatory: readonly T[]): Map<string, T> {
  return new Map([...mandatory, ...objects].map((object) => [object.metadata.name ?? '', object]));
}

/** Validation lets nothing else be stored; but what is there may be older than its rules. */
function isUsable({ metadata: { name }, spec }: Level): boolean {
  const isExempt = spec.type === 'Exempt';
  if (isExempt !== (name === EXEMPT) || isExempt === (spec.limited !== undefined)) return false;
  const response = spec.limited?.limitResponse;
  return response === undefined || (response.type === 'Queue') === (response.queuing != null);
}

function byPrecedence(a: Schema, b: Schema): number {
  const { matchingPrecedence: first } = a.spec;
  const { matchingPrecedence: second } = b.spec;
  if (first !== second) return first - second;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
