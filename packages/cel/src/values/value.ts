import { type CelType, OPTIONAL } from '../types/type.js';
import type { Duration } from './duration.js';
import type { Timestamp } from './timestamp.js';

/**
 * A value at run time. JSON is made of CEL values as it stands, but for numbers: an int is a number when it is a safe
 * integer and a bigint otherwise, and a double is always a `Double`, so that the two can be told apart. Arrays are lists
 * and plain objects maps; what they hold is JSON, and passes `fromJson` on its way out.
 */
export type CelValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Double
  | Uint
  | Uint8Array
  | Timestamp
  | Duration
  | CelType
  | Optional
  | Opaque
  | readonly unknown[]
  | CelList
  | CelMap
  | JsonMap;

export interface JsonMap {
  readonly [key: string]: unknown;
}

export class Double {
  constructor(readonly value: number) {}
}

export class Uint {
  constructor(readonly value: bigint) {}
}

export class Optional {
  static readonly none = new Optional(undefined);

  private constructor(readonly value: CelValue | undefined) {}

  static of(value: CelValue): Optional {
    return new Optional(value);
  }

  static readonly type = OPTIONAL;
}

/** A value of a library's own type, such as a URL or a quantity. */
export abstract class Opaque {
  abstract readonly type: CelType;
  abstract equals(other: CelValue): boolean;
  /** How the value reads in a message. */
  abstract toString(): string;

  /** A field of the value. Undefined where there is none. */
  find(_field: CelValue): CelValue | undefined {
    return undefined;
  }

  /** What calls with it cost goes by this. */
  get size(): number {
    return 1;
  }
}

/** A list that is not an array: elements are made when they are asked for. */
export abstract class CelList {
  abstract readonly size: number;
  /** `index` is within the list. */
  abstract at(index: number): CelValue;

  /** Ints alone are indices, not what is equal to one. */
  get indexedByInt(): boolean {
    return false;
  }

  /** Lists may have their own meaning of equality and sum, such as sets. Undefined: that of all lists. */
  equals(_other: CelValue): boolean | undefined {
    return undefined;
  }

  plus(_other: CelValue): CelValue | undefined {
    return undefined;
  }
}

/** A map whose keys are not just strings, or whose values are made when they are asked for. */
export abstract class CelMap {
  abstract readonly size: number;
  /** Undefined where there is no such key. */
  abstract find(key: CelValue): CelValue | undefined;
  abstract keys(): Iterable<CelValue>;

  /** As of lists. */
  equals(_other: CelValue): boolean | undefined {
    return undefined;
  }

  /** Objects with declared fields have a type of their own. */
  get type(): CelType | undefined {
    return undefined;
  }
}

export function isJsonMap(value: unknown): value is JsonMap {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
