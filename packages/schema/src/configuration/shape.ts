import { type Json, parseDuration } from '@keelson/machinery';

/** Form of a value in a configuration file: what reads it, strictly. Every field may be left out; checking is for whoever asked. */
export interface Shape<T> {
  /** `path` is '' at the root, then `resources[0].providers`. Throws for another type; tells `unknown` of fields that are not there. */
  read(value: Json, path: string, unknown: (path: string) => void): T;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;

/** What a shape reads. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

type FieldsOf<F extends Fields> = { readonly [N in keyof F]?: Shaped<F[N]> };

function scalar<T>(name: string, is: (value: Json) => value is T & Json): Shape<T> {
  return {
    read(value, path) {
      if (is(value)) return value;
      throw new Error(`json: cannot unmarshal ${typeName(value)} into Go struct field ${path} of type ${name}`);
    },
  };
}

export const text: Shape<string> = scalar('string', (value): value is string => typeof value === 'string');
export const flag: Shape<boolean> = scalar('bool', (value): value is boolean => typeof value === 'boolean');
export const integer: Shape<number> = scalar('int32', (value): value is number => Number.isSafeInteger(value));
/** Nanoseconds: `1m30s`. */
export const duration: Shape<bigint> = { read: (value, path, unknown) => parseDuration(text.read(value, path, unknown)) };
/** Whatever it is: read later, by those whom it is for. */
export const anything: Shape<Json> = { read: (value) => value };

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    read(value, path, unknown) {
      if (value === null) return [];
      if (!Array.isArray(value)) throw mismatch(value, path, 'slice');
      return value.map((one, at) => item.read(one, `${path}[${at}]`, unknown));
    },
  };
}

export function mapOf<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    read(value, path, unknown) {
      if (value === null) return new Map();
      return new Map(Object.entries(members(value, path)).map(([key, one]) => [key, item.read(one, `${path}.${key}`, unknown)]));
    },
  };
}

export function fields<F extends Fields>(known: F): Shape<FieldsOf<F>> {
  return {
    read(value, path, unknown) {
      const read: Record<string, unknown> = {};
      for (const [name, one] of Object.entries(value === null ? {} : members(value, path))) {
        const at = path === '' ? name : `${path}.${name}`;
        const shape = Object.hasOwn(known, name) ? known[name] : undefined;
        if (shape === undefined) unknown(at);
        else if (one !== null) read[name] = shape.read(one, at, unknown);
      }
      return read as FieldsOf<F>;
    },
  };
}

function members(value: Json, path: string): { readonly [name: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(value, path, 'struct');
  return value;
}

function mismatch(value: Json, path: string, wanted: string): Error {
  return new Error(`json: cannot unmarshal ${typeName(value)} into Go struct field ${path} of type ${wanted}`);
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
