import { isIP } from 'node:net';
import { formatDurationMs, parseDurationMs } from '@keelson/machinery';

/** How the text behind a flag becomes a value. The error texts are those of the flag library kube-apiserver uses. */
export interface FlagType<T> {
  /** Shown behind the name in `--help`; empty for booleans. */
  readonly label: string;
  /** `previous` is the value of earlier occurrences on the same command line, absent for the first. Throws on bad text. */
  parse(text: string, previous: T | undefined): T;
  /** As shown for a default in `--help`; empty when there is nothing to show. */
  format(value: T): string;
  /** Value of the bare flag (`--profiling`); types without it need an argument. */
  readonly bare?: string;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

export function parseBoolean(text: string): boolean {
  const value = booleans.get(text);
  if (value === undefined) throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  return value;
}

export const bool: FlagType<boolean> = {
  label: '',
  bare: 'true',
  parse: parseBoolean,
  format: (value) => (value ? 'true' : ''),
};

export const int: FlagType<number> = {
  label: 'int',
  parse(text) {
    if (!/^[+-]?(\d+|0x[\da-f]+)$/i.test(text)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    const value = Number(text.replace(/^\+/, ''));
    if (!Number.isSafeInteger(value)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
    return value;
  },
  format: (value) => (value === 0 ? '' : String(value)),
};

export const float: FlagType<number> = {
  label: 'float',
  parse(text) {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
      throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  },
  format: (value) => (value === 0 ? '' : String(value)),
};

/** Milliseconds. */
export const duration: FlagType<number> = {
  label: 'duration',
  parse: (text) => parseDurationMs(text),
  format: (value) => (value === 0 ? '' : formatDurationMs(value)),
};

export const string: FlagType<string> = {
  label: 'string',
  parse: (text) => text,
  format: (value) => (value === '' ? '' : JSON.stringify(value)),
};

/** One of a closed set of words. */
export function oneOf<const W extends string>(...words: readonly W[]): FlagType<W> {
  return {
    label: 'string',
    parse(text) {
      const word = words.find((candidate) => candidate === text);
      if (word === undefined) throw new Error(`must be one of ${words.filter((candidate) => candidate !== '').join(', ')}`);
      return word;
    },
    format: (value) => (value === '' ? '' : JSON.stringify(value)),
  };
}

/** Empty: not given. */
export const ip: FlagType<string> = {
  label: 'ip',
  parse(text) {
    if (text !== '' && isIP(text) === 0) throw new Error(`failed to parse IP: ${JSON.stringify(text)}`);
    return text;
  },
  format: (value) => value,
};

/** Comma separated and repeatable; `"a,b",c` quotes as in CSV. */
export const strings: FlagType<readonly string[]> = {
  label: 'strings',
  parse: (text, previous) => [...(previous ?? []), ...splitCsv(text)],
  format: (value) => (value.length === 0 ? '' : `[${value.join(',')}]`),
};

/** The same where an empty list is something else than none. */
export const optionalStrings: FlagType<readonly string[] | undefined> = {
  ...strings,
  format: (value) => strings.format(value ?? []),
};

/** Repeatable, one value each: commas are part of the value. */
export const stringArray: FlagType<readonly string[]> = {
  label: 'stringArray',
  parse: (text, previous) => [...(previous ?? []), text],
  format: (value) => (value.length === 0 ? '' : `[${value.join(',')}]`),
};

/** `a=1,b=2`, repeatable; a key without `=` has the empty value. */
export const keyValues: FlagType<ReadonlyMap<string, string>> = {
  label: `<comma-separated 'key=value' pairs>`,
  parse: (text, previous) => new Map([...(previous ?? []), ...splitPairs(text)]),
  format: (value) => [...value].map(([key, text]) => `${key}=${text}`).join(','),
};

/** One `key=value`, repeatable: commas are part of the value. */
export const keyValue: FlagType<ReadonlyMap<string, string>> = {
  ...keyValues,
  parse(text, previous) {
    const at = text.indexOf('=');
    if (at < 0) throw new Error('malformed pair, expect string=string');
    return new Map([...(previous ?? []), [text.slice(0, at).trim(), text.slice(at + 1).trim()]]);
  },
};

/** Pairs that must have a value: `mapStringBool`-like flags report a pair without `=`. */
export const strictKeyValues: FlagType<ReadonlyMap<string, string>> = {
  ...keyValues,
  parse(text, previous) {
    const malformed = splitCsv(text).find((pair) => pair !== '' && !pair.includes('='));
    if (malformed !== undefined) throw new Error(`missing bool value for ${malformed}`);
    return keyValues.parse(text, previous);
  },
};

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** `30000-32767` (inclusive) or `30000+100` (base and offset). */
export const portRange: FlagType<PortRange> = {
  label: `<a string in the form 'N1-N2'>`,
  parse(text) {
    const [low = '', separator = '', high = ''] = text.trim().split(/([-+])(.*)/s, 3);
    const first = portNumber(low);
    const last = separator === '+' ? first + portNumber(high) : portNumber(separator === '' ? low : high);
    if (first > 65_535 || last > 65_535) throw new Error(`the port range cannot be greater than 65535: ${text}`);
    if (last < first) throw new Error(`end port cannot be less than start port: ${text}`);
    return { first, last };
  },
  format: ({ first, last }) => `${first}-${last}`,
};

function portNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function splitPairs(text: string): [string, string][] {
  return splitCsv(text)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
}

function splitCsv(text: string): string[] {
  if (text === '') return [];
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
