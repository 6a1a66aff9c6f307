import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 1;

/** Keeps a loop over many objects from holding the event loop: rest when due, about every millisecond of work. */
export class Pace {
  #since = performance.now();
  #steps = 0;

  /** Looks at the clock only every 16th time. */
  get due(): boolean {
    return (++this.#steps & 15) === 0 && performance.now() - this.#since > SLICE_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
