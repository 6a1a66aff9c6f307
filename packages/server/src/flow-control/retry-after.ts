const MAX_SECONDS = 32;

/** How long clients are to stay away whose requests a level drops: longer while it drops many, as TCP backs off. */
export class RetryAfter {
  /** Requests dropped, by second; the last ones. */
  readonly #dropped = new Map<number, number>();
  #seconds = 1;
  #raisedAt = 0;

  get seconds(): number {
    return this.#seconds;
  }

  /** Notes that a request was dropped, in a second of the wall clock. */
  drop(second: number): void {
    const count = this.#dropped.get(second);
    if (count === undefined) this.#turn(second);
    this.#dropped.set(second, (count ?? 0) + 1);
  }

  #turn(second: number): void {
    let recently = 0;
    for (const [at, count] of this.#dropped) {
      if (second - at > 2 * MAX_SECONDS) this.#dropped.delete(at);
      else if (second - at <= this.#seconds) recently += count;
    }
    if (second - this.#raisedAt >= this.#seconds && recently >= 3 * this.#seconds) {
      this.#seconds = Math.min(2 * this.#seconds, MAX_SECONDS);
      this.#raisedAt = second;
    } else if (recently < this.#seconds && this.#seconds > 1) this.#seconds--;
  }
}
