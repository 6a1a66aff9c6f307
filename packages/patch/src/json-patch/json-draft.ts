import type { Json, JsonObject } from '@keelson/machinery';
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

  replaceRoot(root: Container): void {
    this.#root = root;
  }

  /** What stands at `pointer`; undefined when the object that would hold it lacks it. */
  get(pointer: string): Json | undefined {
    const tokens = tokensOf(pointer);
    let value: Json | undefined = this.#root;
    for (const token of tokens) {
      if (typeof value !== 'object' || value === null) throw missing(pointer);
      value = read(value, token);
    }
    return value;
  }

  /** Adds to an object, or inserts into an array; `-` appends. */
  add(pointer: string, value: Json): void {
    const [container, token] = this.#locate(pointer);
    if (!Array.isArray(container)) setOwn(container, token, value);
    else if (token === '-') container.push(value);
    else container.splice(arrayIndex(token, container.length + 1), 0, value);
  }

  /** Sets a member of an object, there or not, or an existing element of an array. */
  set(pointer: string, value: Json): void {
    const [container, token] = this.#locate(pointer);
    if (Array.isArray(container)) container[arrayIndex(token, container.length)] = value;
    else setOwn(container, token, value);
  }

  remove(pointer: string): void {
    const [container, token] = this.#locate(pointer);
    if (Array.isArray(container)) container.splice(arrayIndex(token, container.length), 1);
    else if (Object.hasOwn(container, token)) delete container[token];
    else throw missing(pointer);
  }

  /** The container holding the last token of `pointer`, ready to be changed. */
  #locate(pointer: string): [Container, string] {
    const tokens = tokensOf(pointer);
    this.#root = this.#private(this.#root);
    let container = this.#root;
    for (const token of tokens.slice(0, -1)) {
      const next = read(container, token);
      if (typeof next !== 'object' || next === null) throw missing(pointer);
      const copy = this.#private(next);
      if (Array.isArray(container)) container[arrayIndex(token, container.length)] = copy;
      else setOwn(container, token, copy);
      container = copy;
    }
    return [container, tokens.at(-1) as string];
  }

  #private(container: Container): Container {
    if (this.#own.has(container)) return container;
    const copy = Array.isArray(container) ? [...container] : { ...container };
    this.#own.add(copy);
    return copy;
  }
}

function tokensOf(pointer: string): readonly string[] {
  const tokens = parsePointer(pointer);
  if (!tokens) throw missing(pointer);
  return tokens;
}

function read(container: Container, token: string): Json | undefined {
  return Array.isArray(container) ? container[arrayIndex(token, container.length)] : getOwn(container, token);
}

/** Negative indices count from the end: -1 is the last of `length` places. */
function arrayIndex(token: string, length: number): number {
  if (!/^[+-]?\d+$/.test(token)) throw new JsonPatchError(`value was not a proper array index: '${token}'`);
  const index = Number(token);
  const fromStart = index < 0 ? index + length : index;
  if (fromStart < 0 || fromStart >= length) throw new JsonPatchError(`unable to access invalid index: ${token}`);
  return fromStart;
}

function missing(pointer: string): JsonPatchError {
  return new JsonPatchError(`doc is missing path: ${JSON.stringify(pointer)}`);
}
