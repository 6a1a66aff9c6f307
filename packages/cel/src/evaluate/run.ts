import type { EvaluationError } from '../values/evaluation-error.js';
import type { CelValue } from '../values/value.js';

/** Values of variables by name. */
export type Bindings = Readonly<Record<string, CelValue | undefined>>;

/** The expression was stopped. Nothing absorbs this. */
export class Stopped {
  constructor(readonly message: string) {}
}

/**
 * Cost is cel-go's, and some work costs little by its rules. Longer than this, which is twice what the dearest expression of
 * ordinary work takes, none is evaluated: nothing else runs meanwhile.
 */
const MAX_CPU_MS = 120;
/** What is evaluated in less is not looked at more closely. */
const UNNOTICED_MS = 25;
/** Reading the clock is dearer than most operations: it is read after some of them, or at once after a dear one. */
const CHARGES_PER_CLOCK_READ = 16;
const COST_PER_CLOCK_READ = 2_000;
/** What values that an expression makes may hold together: characters and elements, of those that hold many. */
const MAX_MADE = 2 ** 25;
const MANY = 1024;

/** One evaluation of a program. */
export class Run {
  cost = 0;
  /** Variables of loops, by the slot that the planner gave each. An accumulator may hold an error. */
  readonly locals: (CelValue | EvaluationError)[] = [];
  #checkAtMs = performance.now() + UNNOTICED_MS;
  #cpuBefore: NodeJS.CpuUsage | undefined;
  #charges = 0;
  #readAtCost = COST_PER_CLOCK_READ;
  #made = 0;

  constructor(
    readonly bindings: Bindings,
    readonly limit: number,
  ) {}

  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.limit) throw new Stopped('operation cancelled: actual cost limit exceeded');
    if (++this.#charges < CHARGES_PER_CLOCK_READ && this.cost < this.#readAtCost) return;
    this.#charges = 0;
    this.#readAtCost = this.cost + COST_PER_CLOCK_READ;
    if (performance.now() > this.#checkAtMs) this.#checkTime();
  }

  /** Others may have the processor meanwhile, so it is not time that counts. */
  #checkTime(): void {
    this.#cpuBefore ??= process.cpuUsage();
    const usedMs = process.cpuUsage(this.#cpuBefore).user / 1000;
    if (usedMs > MAX_CPU_MS) throw new Stopped('operation interrupted');
    this.#checkAtMs = performance.now() + Math.max(MAX_CPU_MS - usedMs, 1);
  }

  /** Takes note of what a call has made. */
  made<T extends CelValue>(value: T): T {
    const size = typeof value === 'string' || Array.isArray(value) ? value.length : 0;
    if (size < MANY) return value;
    this.#made += size;
    if (this.#made > MAX_MADE) throw new Stopped('operation interrupted: values are too large');
    return value;
  }
}

/** A node of an expression, ready to be evaluated. Throws EvaluationError. */
export type Code = (run: Run) => CelValue;
