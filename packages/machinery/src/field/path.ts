/**
 * Where in an object something is: `spec.containers[0].ports[http]`. Immutable and cheap to build (one small node per
 * step, shared by everything below it); the text is made only when somebody asks for it.
 */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #step: string | number;
  readonly #subscript: boolean;

  constructor(parent: FieldPath | undefined, step: string | number, subscript: boolean) {
    this.#parent = parent;
    this.#step = step;
    this.#subscript = subscript;
  }

  /** A field of this object, or a field of a field: `p.child('spec', 'template')`. */
  child(name: string, ...more: readonly string[]): FieldPath {
    let path = new FieldPath(this, name, false);
    for (const next of more) path = new FieldPath(path, next, false);
    return path;
  }

  /** An element of this list. */
  index(index: number): FieldPath {
    return new FieldPath(this, index, true);
  }

  /** An entry of this map, or an element of this keyed list. */
  key(key: string): FieldPath {
    return new FieldPath(this, key, true);
  }

  toString(): string {
    if (this.#subscript) return `${this.#parent ?? ''}[${this.#step}]`;
    return this.#parent === undefined ? String(this.#step) : `${this.#parent}.${this.#step}`;
  }
}

/** Starts a path at the root of an object. */
export function path(name: string, ...more: readonly string[]): FieldPath {
  const root = new FieldPath(undefined, name, false);
  const [next, ...rest] = more;
  return next === undefined ? root : root.child(next, ...rest);
}

/** How Kubernetes prints the place of what is said of an object as a whole, and of a text that is in none. */
export const NO_PATH = '<nil>';
