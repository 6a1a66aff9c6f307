import type { GatedField } from '@keelson/server';

type Fields = Record<string, unknown>;

/** A member of every object it is asked for, of every element of a list (`[]`), or of every value of a map (`{}`). */
interface Segment {
  readonly name: string;
  readonly each: '' | '[]' | '{}';
}

/** `spec.containers[].lifecycle.stopSignal`: the fields that the last name has in all objects that the path leads to. */
class GatedPath {
  readonly #way: readonly Segment[];
  readonly #field: string;

  constructor(path: string) {
    const segments = path.split('.');
    this.#field = segments.pop() ?? '';
    this.#way = segments.map((text) => {
      const [, name = '', each = ''] = /^(\w+)(\[\]|\{\})?$/.exec(text) ?? [];
      return { name, each: each as Segment['each'] };
    });
  }

  isSetIn(object: object): boolean {
    return this.#some(object as Fields, 0, (holder) => isSet(holder[this.#field]));
  }

  deleteFrom(object: object): void {
    this.#some(object as Fields, 0, (holder) => {
      if (holder[this.#field] !== undefined) delete holder[this.#field];
      return false;
    });
  }

  /** Whether one of the objects that the path leads to passes the test; the others are not looked at. `done`: segments that lie behind. */
  #some(holder: Fields, done: number, test: (holder: Fields) => boolean): boolean {
    const segment = this.#way[done];
    if (segment === undefined) return test(holder);
    const value = holder[segment.name];
    if (typeof value !== 'object' || value === null) return false;
    if (segment.each === '') return this.#some(value as Fields, done + 1, test);
    for (const key in value) if (this.#some((value as Record<string, Fields>)[key] as Fields, done + 1, test)) return true;
    return false;
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** The fields of a feature. With `usedBy`, an object has used it when it has one of those others; with an empty list none ever has. */
export function gated<T extends object>(feature: string, paths: readonly string[], usedBy: readonly string[] = paths): GatedField<T> {
  const dropped = paths.map((path) => new GatedPath(path));
  const telling = usedBy.map((path) => new GatedPath(path));
  return {
    feature,
    isUsed: (object) => telling.some((path) => path.isSetIn(object)),
    drop(object) {
      for (const path of dropped) path.deleteFrom(object);
    },
  };
}

/** What is gated in a part of an object, as what is gated in the object. */
export function within<T, Part>(partOf: (object: T) => Part | undefined, fields: readonly GatedField<Part>[]): GatedField<T>[] {
  return fields.map(({ feature, isUsed, drop }) => ({
    feature,
    isUsed(object) {
      const part = partOf(object);
      return part !== undefined && isUsed(part);
    },
    drop(object) {
      const part = partOf(object);
      if (part !== undefined) drop(part);
    },
  }));
}
