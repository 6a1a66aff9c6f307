import type { GatedField } from '@keelson/server';

type Fields = Record<string, unknown>;

/** A member of every object it is asked for, of every element of a list (`[]`), or of every value of a map (`{}`). */
interface Segment {
  readonly name: string;
  readonly each: '' | '[]' | '{}';
}

/** `spec.containers[].lifecycle.stopSignal`: the fields that the last name has in all objects that the path leads to. */
export class GatedPath {
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
    return this.#holders(object).some((holder) => isSet(holder[this.#field]));
  }

  deleteFrom(object: object): void {
    for (const holder of this.#holders(object)) delete holder[this.#field];
  }

  #holders(object: object): Fields[] {
    let holders = [object as Fields];
    for (const { name, each } of this.#way) holders = holders.flatMap((holder) => members(holder[name], each));
    return holders;
  }
}

function members(value: unknown, each: Segment['each']): Fields[] {
  if (typeof value !== 'object' || value === null) return [];
  return each === '' ? [value as Fields] : (Object.values(value) as Fields[]);
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
