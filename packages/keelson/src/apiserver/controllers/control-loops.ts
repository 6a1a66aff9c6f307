import type { HealthChecks, Log } from '@keelson/server';

export interface Controller {
  /** Resolves when its first round is done. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Controllers that begin together, and when. */
export interface ControlLoop {
  readonly controllers: readonly Controller[];
  /** Name of a health check: the server is not ready before these have done their first round. */
  readonly hook?: string;
  /** A check of health of its own, which throws while the server is not ready. */
  readonly check?: { readonly name: string; passes(): void };
  /** Must have done their first round before. */
  readonly after?: readonly ControlLoop[];
  /** Stopped when all others have: it tells clients where the server is. */
  readonly last?: boolean;
}

/** Starts and stops controllers in the order that they need. Health lists their hooks in the order given. */
export class ControlLoops {
  readonly #loops: readonly ControlLoop[];
  readonly #log: Log;
  readonly #done = new Map<ControlLoop, () => void>();
  readonly #started = new Map<ControlLoop, Promise<void>>();
  #starting: Promise<unknown> | undefined;
  #isStopping = false;

  constructor(loops: readonly ControlLoop[], health: HealthChecks, log: Log) {
    this.#loops = loops;
    this.#log = log;
    for (const loop of loops) {
      if (loop.hook !== undefined) this.#done.set(loop, health.addPostStartHook(loop.hook));
      if (loop.check !== undefined) health.addWithGrace(loop.check.name, loop.check.passes);
    }
  }

  /** Loops that nobody waits for begin when those are done that the server is not ready without. */
  start(): void {
    this.#starting = this.#startAll().catch((error: unknown) => this.#log.error('a controller did not start', { error }));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#stopAll(this.#loops.filter(({ last }) => !last));
    await this.#stopAll(this.#loops.filter(({ last }) => last));
    await this.#starting;
  }

  async #startAll(): Promise<void> {
    const isAwaited = ({ hook, check }: ControlLoop) => hook !== undefined || check !== undefined;
    await this.#startEach(this.#loops.filter(isAwaited));
    await this.#startEach(this.#loops.filter((loop) => !isAwaited(loop)));
  }

  async #startEach(loops: readonly ControlLoop[]): Promise<void> {
    await Promise.all(loops.map((loop) => this.#start(loop)));
  }

  #start(loop: ControlLoop): Promise<void> {
    const started = this.#started.get(loop) ?? this.#run(loop);
    this.#started.set(loop, started);
    return started;
  }

  async #run(loop: ControlLoop): Promise<void> {
    const { controllers, after = [] } = loop;
    await Promise.all(after.map((earlier) => this.#start(earlier)));
    if (this.#isStopping) return;
    await Promise.all(controllers.map((controller) => controller.start()));
    this.#done.get(loop)?.();
  }

  async #stopAll(loops: readonly ControlLoop[]): Promise<void> {
    const stopped = loops.flatMap(({ controllers }) => controllers.map((controller) => controller.stop()));
    const results = await Promise.allSettled(stopped);
    for (const result of results)
      if (result.status === 'rejected') this.#log.warn('a controller did not stop as it should', { error: result.reason });
  }
}
