import type { Flag, FlagTable, FlagValues } from './flag.js';
import { FlagError } from './flag-error.js';

export interface ParsedFlags<T extends FlagTable> {
  readonly values: FlagValues<T>;
  /** The flags of the command line in their order, as text, to be handed on to another process. */
  readonly given: readonly GivenFlag<keyof T & string>[];
  /** Arguments that are not flags, and everything behind `--`. */
  readonly positional: readonly string[];
  /** One sentence for each flag that was accepted and has no effect, or is deprecated. */
  readonly warnings: readonly string[];
}

export interface GivenFlag<N extends string = string> {
  readonly name: N;
  readonly text: string;
}

interface Occurrence extends GivenFlag {
  readonly flag: Flag;
  /** As error messages spell it: `--secure-port` or `-v, --v`. */
  readonly spelling: string;
}

/** Reads a command line with the semantics of pflag: `--a=b`, `--a b`, bare booleans, `-v2`, `_` for `-` in names. */
export function parseFlags<const T extends FlagTable>(table: T, args: readonly string[]): ParsedFlags<T> {
  const flags = new Map(Object.entries<Flag>(table));
  const set = new Map<string, unknown>();
  const given: GivenFlag[] = [];
  const positional: string[] = [];
  for (const item of occurrences(flags, args)) {
    if (typeof item === 'string') positional.push(item);
    else {
      given.push({ name: item.name, text: item.text });
      set.set(item.name, parseValue(item, set.get(item.name)));
    }
  }
  const values = Object.fromEntries([...flags].map(([name, flag]) => [name, set.has(name) ? set.get(name) : flag.default]));
  return {
    values: Object.freeze(values) as FlagValues<T>,
    given: given as GivenFlag<keyof T & string>[],
    positional,
    warnings: warnings(flags, set),
  };
}

function* occurrences(flags: ReadonlyMap<string, Flag>, args: readonly string[]): Generator<Occurrence | string> {
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--') return yield* queue;
    if (arg.startsWith('--')) yield longFlag(flags, arg, queue);
    else if (arg.startsWith('-') && arg !== '-') yield* shortFlags(flags, arg, queue);
    else yield arg;
  }
}

function longFlag(flags: ReadonlyMap<string, Flag>, arg: string, queue: string[]): Occurrence {
  const [, written = '', text] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
  if (written === '' || written.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`);
  const name = written.replaceAll('_', '-');
  const flag = flags.get(name);
  if (flag === undefined) throw new FlagError(`unknown flag: --${written}`);
  const value = text ?? flag.type.bare ?? queue.shift();
  if (value === undefined) throw new FlagError(`flag needs an argument: --${written}`);
  return { name, flag, text: value, spelling: spelling(name, flag) };
}

function* shortFlags(flags: ReadonlyMap<string, Flag>, arg: string, queue: string[]): Generator<Occurrence> {
  for (let rest = arg.slice(1); rest !== ''; ) {
    const letter = rest.charAt(0);
    const [name, flag] = [...flags].find(([, candidate]) => candidate.shorthand === letter) ?? [];
    if (name === undefined || flag === undefined) throw new FlagError(`unknown shorthand flag: '${letter}' in ${arg}`);
    rest = rest.slice(1);
    if (flag.type.bare !== undefined && !rest.startsWith('=')) {
      yield { name, flag, text: flag.type.bare, spelling: spelling(name, flag) };
      continue;
    }
    const text = rest === '' ? queue.shift() : rest.replace(/^=/, '');
    if (text === undefined) throw new FlagError(`flag needs an argument: '${letter}' in ${arg}`);
    yield { name, flag, text, spelling: spelling(name, flag) };
    return;
  }
}

function parseValue({ name, flag, text, spelling }: Occurrence, previous: unknown): unknown {
  let value: unknown;
  try {
    value = flag.type.parse(text, previous);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${spelling}" flag: ${reason}`, { cause: error });
  }
  if (flag.status === 'refused' && !isDefault(flag, value)) {
    throw new FlagError(`flag --${name} is not supported: ${flag.reason}`);
  }
  return value;
}

function warnings(flags: ReadonlyMap<string, Flag>, set: ReadonlyMap<string, unknown>): string[] {
  return [...set].flatMap(([name, value]) => {
    const flag = flags.get(name);
    if (flag?.deprecation !== undefined) return [`Flag --${name} has been deprecated, ${flag.deprecation}`];
    if (flag?.status === 'harmless' && !isDefault(flag, value)) return [`flag --${name} is accepted and has no effect`];
    return flag?.ineffective?.(value).map((part) => `${part} of flag --${name} is accepted and has no effect`) ?? [];
  });
}

const isDefault = (flag: Flag, value: unknown): boolean => flag.type.format(value) === flag.type.format(flag.default);

const spelling = (name: string, flag: Flag): string => (flag.shorthand === undefined ? `--${name}` : `-${flag.shorthand}, --${name}`);
