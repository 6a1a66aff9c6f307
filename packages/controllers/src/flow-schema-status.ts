import { type GroupVersionResource, hasReason, quote, timeNow } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { Frequency } from './flow-control/frequency.js';
import { RepeatedTask } from './repeated-task.js';

type FlowSchema = flowcontrol.v1.FlowSchema;
type Condition = flowcontrol.v1.FlowSchemaCondition;

const MANAGER = 'api-priority-and-fairness-config-consumer-v1';
const DANGLING = 'Dangling';
/** Objects come with others that they are about. */
const SETTLE_MS = 20;
/** What was put off is done by then. */
const CHECK_MS = 30_000;

const gvr = (resource: string): GroupVersionResource => ({ group: 'flowcontrol.apiserver.k8s.io', version: 'v1', resource });
const FLOW_SCHEMAS = gvr('flowschemas');
const PRIORITY_LEVELS = gvr('prioritylevelconfigurations');

interface Mirror {
  start(): Promise<void>;
  stop(): void;
}

/** Tells in the status of every flow schema whether the priority level is there that it names (KEP-1040). */
export class FlowSchemaStatus {
  readonly #client: LoopbackClient;
  readonly #schemas = new Map<string, FlowSchema>();
  readonly #levels = new Set<string>();
  readonly #frequency = new Frequency();
  readonly #mirrors: readonly Mirror[];
  readonly #rounds: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#rounds = new RepeatedTask(() => this.#round(), CHECK_MS, onFailure);
    const follow = (of: GroupVersionResource, set: (object: FlowSchema) => void, remove: (name: string) => void): Mirror => {
      const changed = (change: () => void) => {
        change();
        this.#rounds.nextWithin(SETTLE_MS);
      };
      const receiver = {
        set: (object: FlowSchema) => changed(() => set(object)),
        delete: ({ metadata }: FlowSchema) => changed(() => remove(metadata.name ?? '')),
      };
      return client.mirror<FlowSchema>(of, receiver, onFailure);
    };
    this.#mirrors = [
      follow(
        FLOW_SCHEMAS,
        (schema) => this.#schemas.set(schema.metadata.name ?? '', schema),
        (name) => {
          this.#schemas.delete(name);
          this.#frequency.forget(name);
        },
      ),
      follow(
        PRIORITY_LEVELS,
        ({ metadata }) => this.#levels.add(metadata.name ?? ''),
        (name) => this.#levels.delete(name),
      ),
    ];
  }

  /** Resolves after the first round. */
  async start(): Promise<void> {
    await Promise.all(this.#mirrors.map((mirror) => mirror.start()));
    await this.#rounds.start();
  }

  async stop(): Promise<void> {
    for (const mirror of this.#mirrors) mirror.stop();
    await this.#rounds.stop();
  }

  async #round(): Promise<void> {
    for (const [name, { spec, status }] of [...this.#schemas]) {
      const wanted = this.#condition(spec.priorityLevelConfiguration.name);
      const current = status?.conditions?.find(({ type }) => type === DANGLING);
      if (isSame(current, wanted) || !this.#frequency.allows(name, performance.now())) continue;
      await this.#apply(name, { ...wanted, lastTransitionTime: timeNow() });
    }
  }

  #condition(level: string): Omit<Condition, 'lastTransitionTime'> {
    const isThere = this.#levels.has(level);
    const references = `This FlowSchema references the PriorityLevelConfiguration object named ${quote(level)}`;
    return isThere
      ? { type: DANGLING, status: 'False', reason: 'Found', message: `${references} and it exists` }
      : { type: DANGLING, status: 'True', reason: 'NotFound', message: `${references} but there is no such object` };
  }

  async #apply(name: string, condition: Condition): Promise<void> {
    try {
      await this.#client.applyStatus(FLOW_SCHEMAS, MANAGER, { metadata: { name }, status: { conditions: [condition] } } as FlowSchema);
    } catch (error) {
      // Deleted meanwhile: it will be heard of.
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}

function isSame(current: Condition | undefined, wanted: Omit<Condition, 'lastTransitionTime'>): boolean {
  return (
    current !== undefined && current.status === wanted.status && current.reason === wanted.reason && current.message === wanted.message
  );
}
