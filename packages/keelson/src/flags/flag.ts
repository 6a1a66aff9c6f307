import type { FlagType } from './flag-type.js';

/**
 * What setting a flag does. `harmless`: accepted with a warning, because ignoring it changes neither results nor
 * security. `refused`: any value but the default is an error, because ignoring it would.
 */
export type FlagStatus = 'implemented' | 'harmless' | 'refused';

export interface Flag<T = unknown> {
  readonly type: FlagType<T>;
  readonly default: T;
  readonly help: string;
  readonly status: FlagStatus;
  /** Why a refused flag is refused. */
  readonly reason?: string;
  readonly shorthand?: string;
  /** What of a value has no effect, where that is not all or nothing: told to whoever sets it. */
  ineffective?(value: T): readonly string[];
  /** What to do instead of using it. */
  readonly deprecation?: string;
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** Values by flag name, typed by the table's rows. */
export type FlagValues<T extends FlagTable> = { readonly [N in keyof T]: T[N] extends Flag<infer V> ? V : never };

/** One headed section of `--help`. */
export interface FlagGroup<T extends FlagTable = FlagTable> {
  readonly title: string;
  readonly flags: T;
}

export function implemented<T>(type: FlagType<T>, defaultValue: T, help: string, shorthand?: string): Flag<T> {
  return { type, default: defaultValue, help, status: 'implemented', ...(shorthand === undefined ? {} : { shorthand }) };
}

export function harmless<T>(type: FlagType<T>, defaultValue: T, help: string): Flag<T> {
  return { type, default: defaultValue, help, status: 'harmless' };
}

export function refused<T>(type: FlagType<T>, defaultValue: T, help: string, reason: string): Flag<T> {
  return { type, default: defaultValue, help, status: 'refused', reason };
}

/** A flag of which not all values have an effect. */
export function partial<T>(flag: Flag<T>, ineffective: (value: T) => readonly string[]): Flag<T> {
  return { ...flag, ineffective };
}

/** A flag that still works and is to be left. */
export function deprecated<T>(flag: Flag<T>, deprecation: string): Flag<T> {
  return { ...flag, deprecation };
}
