import type { Json, JsonObject } from '@keelson/machinery';
import { inOrder } from '../json/in-order.js';
import { getOwn, setOwn } from '../json/own-property.js';
import { JsonPatchError } from './json-patch-error.js';
import { parsePointer } from './json-pointer.js';

type Container = Json[] | JsonObject;

/**
 * A document under change. The original is never touched: a container is copied the first time something in it
 * changes, everything else stays shared with the original.
 */
export class JsonDraft {
  #root: Container;
  /** Containers that only this draft can reach, and may therefore change in place. */
  #own = new Set<Container>();

  constructor(root: Container) {
    this.#root = root;
  }

  get root(): Container {
    return this.#root;
  }

  /** The document as changed. Objects that operations reached into have their members in order, as Kubernetes writes them. */
  finished(): Container {
    return this.#ordered(this.#private(this.#root));
  }

  replaceRoot(root: Container): void {
    this.#root = root;
  }

  /** The place that `pointer` names, whether something is there or not; undefined when nothing holds such a place. */
  find(pointer: string): DraftPlace | undefined {
    const tokens = parsePointer(pointer);
    if (tokens === undefined) return undefined;
    this.#root = this.#private(this.#root);
    let container = this.#root;
    for (const token of tokens.slice(0, -1)) {
      const next = member(container, token);
      if (typeof next !== 'object' || next === null) return undefined;
      const copy = this.#private(next);
      if (Array.isArray(container)) container[indexIn(token, container.length) ?? 0] = copy;
      else setOwn(container, token, copy);
      container = copy;
    }
    return new DraftPlace(container, tokens.at(-1) as string);
  }

  #ordered<T extends Json>(value: T): T {
    if (typeof value !== 'object' || value === null || !this.#own.has(value)) return value;
    if (Array.isArray(value)) return value.map((item: Json) => this.#ordered(item)) as T;
    return inOrder(value, (member) => this.#ordered(member)) as T;
  }

  #private(container: Container): Container {
    if (this.#own.has(container)) return container;
    const copy = Array.isArray(container) ? [...container] : { ...container };
    this.#own.add(copy);
    return copy;
  }
}

/** A member of an object, or an element of an array, of a draft. What cannot be done is told in the words of Kubernetes. */
export class DraftPlace {
  readonly #container: Container;
  readonly token: string;

  constructor(container: Container, token: string) {
    this.#container = container;
    this.token = token;
  }

  /** Undefined when an object lacks it; an array must not. */
  get(): Json | undefined {
    const container = this.#container;
    return Array.isArray(container) ? container[elementIndex(this.token, container.length)] : getOwn(container, this.token);
  }

  /** Adds to an object, or inserts into an array; `-` appends. */
  add(value: Json): void {
    const container = this.#container;
    if (!Array.isArray(container)) setOwn(container, this.token, value);
    else if (this.token === '-') container.push(value);
    else container.splice(insertionIndex(this.token, container.length + 1), 0, value);
  }

  /** Sets a member of an object, there or not, or an existing element of an array. */
  set(value: Json): void {
    const container = this.#container;
    if (Array.isArray(container)) container[elementIndex(this.token, container.length)] = value;
    else setOwn(container, this.token, value);
  }

  remove(): void {
    const container = this.#container;
    if (Array.isArray(container)) container.splice(elementIndex(this.token, container.length), 1);
    else if (Object.hasOwn(container, this.token)) delete container[this.token];
    else throw new JsonPatchError(`Unable to remove nonexistent key: ${this.token}: missing value`);
  }
}

function member(container: Container, token: string): Json | undefined {
  if (!Array.isArray(container)) return getOwn(container, token);
  const index = isInteger(token) ? indexIn(token, container.length) : undefined;
  return index === undefined ? undefined : container[index];
}

function isInteger(token: string): boolean {
  return /^[+-]?\d+$/.test(token);
}

/** Negative indices count from the end: -1 is the last of `length` places. */
function indexIn(token: string, length: number): number | undefined {
  const index = Number(token);
  const fromStart = index < 0 ? index + length : index;
  return fromStart < 0 || fromStart >= length ? undefined : fromStart;
}

function elementIndex(token: string, length: number): number {
  if (!isInteger(token)) throw new JsonPatchError(`strconv.Atoi: parsing ${JSON.stringify(token)}: invalid syntax`);
  const index = indexIn(token, length);
  if (index === undefined) throw new JsonPatchError(`Unable to access invalid index: ${Number(token)}: invalid index referenced`);
  return index;
}

function insertionIndex(token: string, length: number): number {
  if (isInteger(token)) return elementIndex(token, length);
  const syntax = `strconv.Atoi: parsing ${JSON.stringify(token)}: invalid syntax`;
  throw new JsonPatchError(`value was not a proper array index: '${token}': ${syntax}`);
}
