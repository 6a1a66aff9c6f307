import { encodedBytesBudget } from './encoded-bytes-budget.js';

/** Encoded bytes by form; the encoder names the forms. What was set may be gone again. */
export interface BodyCache {
  get(form: string): Buffer | undefined;
  set(form: string, body: Buffer): void;
}

/**
 * The encoded bodies of one object version, or the frames of one event. All of them together are held within
 * `encodedBytesBudget`: cold ones are dropped and made again when somebody asks.
 */
export class EncodedBodies implements BodyCache {
  /** Owned by the budget: position in its clock, or -1. */
  slot = -1;
  /** Owned by the budget: asked for since the clock's hand last passed. */
  warm = false;
  bytes = 0;
  // Two or three forms at most: parallel arrays are a fifth of a Map.
  #forms: string[] = [];
  #bodies: Buffer[] = [];

  get(form: string): Buffer | undefined {
    const at = this.#forms.indexOf(form);
    if (at < 0) return undefined;
    this.warm = true;
    return this.#bodies[at];
  }

  set(form: string, body: Buffer): void {
    const at = this.#forms.indexOf(form);
    const replaced = at < 0 ? 0 : (this.#bodies[at]?.byteLength ?? 0);
    this.#forms[at < 0 ? this.#forms.length : at] = form;
    this.#bodies[at < 0 ? this.#bodies.length : at] = body;
    this.warm = true;
    encodedBytesBudget.charge(this, body.byteLength - replaced);
  }

  /** Forgets every body; for owners whose object or event has left the cache. */
  drop(): void {
    encodedBytesBudget.release(this);
    this.#forms = [];
    this.#bodies = [];
  }
}
