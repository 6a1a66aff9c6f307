/**
 * The query of a request, read as Go's `url.ParseQuery` reads it: pairs split at `&`, a pair with a semicolon or a bad
 * escape is dropped, `+` is a space. `get` is the first value. Most requests have no query, so it is parsed when asked.
 */
export class Query {
  static readonly empty = new Query('');
  /** Raw text behind `?`. */
  readonly raw: string;
  #values: Map<string, string[]> | undefined;

  constructor(raw: string) {
    this.raw = raw;
  }

  /** As it stands in a URL: empty, or with its question mark. */
  get search(): string {
    return this.raw === '' ? '' : `?${this.raw}`;
  }

  /** First value, '' when absent. */
  get(name: string): string {
    return this.#all().get(name)?.[0] ?? '';
  }

  getAll(name: string): readonly string[] {
    return this.#all().get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#all().has(name);
  }

  keys(): Iterable<string> {
    return this.#all().keys();
  }

  /** First values as a flag: present means true unless it says `false` or `0`, as in every *Options kind. */
  flag(name: string): boolean {
    const value = this.#all().get(name)?.[0];
    return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
  }

  #all(): ReadonlyMap<string, string[]> {
    this.#values ??= parse(this.raw);
    return this.#values;
  }
}

function parse(raw: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  if (raw === '') return values;
  for (const pair of raw.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    const name = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : unescapeQuery(pair.slice(equals + 1));
    if (name === undefined || value === undefined) continue;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}

function unescapeQuery(text: string): string | undefined {
  return unescapePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Percent-decodes; undefined when an escape is malformed. Bytes that are not UTF-8 become U+FFFD. */
export function unescapePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // Well-formed escapes of bytes that are not UTF-8.
    const bytes = text.replace(/%([0-9a-fA-F]{2})|[^%]+/g, (run, hex: string | undefined) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : Buffer.from(run, 'utf8').toString('latin1'),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}
