import type { Cursor } from './cursor.js';

/** A place where the key of a mapping may have begun, which only the `:` behind it tells. */
export interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  /** Number of the token that it begins with. */
  readonly token: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

/** A key is on one line, and no longer than this. */
const maxKeyLength = 1024;

/** The possible keys, at most one at each level of flow collections. */
export class SimpleKeys {
  readonly #cursor: Cursor;
  readonly #levels: SimpleKey[];
  readonly #byToken = new Map<number, SimpleKey>();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#levels = [this.#keyHere(0, false, false)];
  }

  get flowLevel(): number {
    return this.#levels.length - 1;
  }

  /** Whether that token may still turn out to begin a key. */
  mayBegin(token: number): boolean {
    const key = this.#byToken.get(token);
    return key !== undefined && this.#isValid(key);
  }

  /** The key that ends here, if there may be one; no other can. */
  take(): SimpleKey | undefined {
    const key = this.#last;
    if (!this.#isValid(key)) return undefined;
    key.possible = false;
    this.#byToken.delete(key.token);
    return key;
  }

  save(token: number, required: boolean): void {
    this.forget();
    const key = this.#keyHere(token, true, required);
    this.#levels[this.#levels.length - 1] = key;
    this.#byToken.set(token, key);
  }

  forget(): void {
    const key = this.#last;
    if (!key.possible) return;
    if (key.required) throw this.#missingValue();
    key.possible = false;
    this.#byToken.delete(key.token);
  }

  enterFlow(token: number): void {
    this.#levels.push(this.#keyHere(token, false, false));
  }

  leaveFlow(): void {
    if (this.flowLevel === 0) return;
    this.#byToken.delete(this.#last.token);
    this.#levels.pop();
  }

  get #last(): SimpleKey {
    return this.#levels[this.#levels.length - 1] as SimpleKey;
  }

  #keyHere(token: number, possible: boolean, required: boolean): SimpleKey {
    const { at, line, column } = this.#cursor;
    return { possible, required, token, at, line, column };
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.#cursor.line && key.at + maxKeyLength >= this.#cursor.at) return true;
    if (key.required) throw this.#missingValue();
    key.possible = false;
    return false;
  }

  #missingValue(): Error {
    return this.#cursor.error("could not find expected ':'");
  }
}
