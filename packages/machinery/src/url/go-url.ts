import { quote } from '../quote.js';

/** What is wrong with a text that is no URL, in Go's words. */
export class UrlError extends Error {}

interface UrlParts {
  readonly scheme: string;
  readonly user?: string;
  readonly host?: string;
  readonly path?: string;
  readonly rawPath?: string;
  readonly query?: string;
  readonly fragment?: string;
}

/** A URL as Go's net/url takes it apart, which refuses and keeps other things than Node's. */
export class GoUrl {
  readonly scheme: string;
  /** As it was written, with the password; undefined where none is named. */
  readonly user: string | undefined;
  /** With its port. */
  readonly host: string;
  /** Without its escapes. */
  readonly path: string;
  /** As it was written. */
  readonly rawPath: string;
  readonly query: string;
  readonly fragment: string;

  private constructor({ scheme, user, host = '', path = '', rawPath = '', query = '', fragment = '' }: UrlParts) {
    this.scheme = scheme;
    this.user = user;
    this.host = host;
    this.path = path;
    this.rawPath = rawPath;
    this.query = query;
    this.fragment = fragment;
  }

  /** An absolute URL, or one that is relative to another. */
  static parse(text: string): GoUrl | UrlError {
    const [body, fragment = ''] = splitOnce(text, '#');
    return orProblem(() => new GoUrl({ ...partsOf(body, { relative: true }), fragment: decode(fragment, failing(text)) }));
  }

  /** An absolute URI or an absolute path, as requests name them; `#` is an ordinary character. */
  static parseRequest(text: string): GoUrl | UrlError {
    return orProblem(() => new GoUrl(partsOf(text, { relative: false })));
  }

  get hostname(): string {
    const closing = this.host.indexOf(']');
    if (this.host.startsWith('[') && closing > 0) return this.host.slice(1, closing);
    const colon = this.host.lastIndexOf(':');
    return colon < 0 ? this.host : this.host.slice(0, colon);
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? '';
  }

  /** The path with escapes: as it was written where that is right, else with the escapes it needs. */
  get escapedPath(): string {
    if (this.path === '*' || /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%]*$/.test(this.rawPath)) return this.rawPath;
    return this.path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
  }

  /** Values of the query by name. Parts that cannot be read are left out. */
  get queryValues(): Map<string, string[]> {
    const values = new Map<string, string[]>();
    for (const part of this.query.split('&')) {
      if (part === '' || part.includes(';')) continue;
      const [name, value] = splitOnce(part, '=').map((piece) => decodeQuery(piece ?? '')) as [string | undefined, string | undefined];
      if (name === undefined || (value === undefined && part.includes('='))) continue;
      const known = values.get(name);
      if (known === undefined) values.set(name, [value ?? '']);
      else known.push(value ?? '');
    }
    return values;
  }
}

function orProblem(parse: () => GoUrl): GoUrl | UrlError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UrlError) return error;
    throw error;
  }
}

type Fail = (message: string) => never;

function failing(text: string): Fail {
  return (message) => {
    throw new UrlError(`parse ${quote(text)}: ${message}`);
  };
}

function partsOf(text: string, { relative }: { readonly relative: boolean }): UrlParts {
  const fail = failing(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) fail('net/url: invalid control character in URL');
  if (text === '' && !relative) fail('empty url');
  if (text === '*') return { scheme: '', path: '*', rawPath: '*' };
  const { scheme, rest } = splitScheme(text, fail);
  const [address = '', query = ''] = splitOnce(rest, '?');
  if (!address.startsWith('/')) {
    if (scheme === '' && !relative) fail('invalid URI for request');
    // What has a scheme and no path is opaque.
    if (scheme !== '') return { scheme, query };
    if (address.split('/', 1)[0]?.includes(':')) fail('first path segment in URL cannot contain colon');
    return { scheme, path: decode(address, fail), rawPath: address, query };
  }
  const hasAuthority = address.startsWith('//') && (scheme !== '' || (relative && !address.startsWith('///')));
  const slash = hasAuthority ? address.indexOf('/', 2) : 0;
  const rawPath = slash < 0 ? '' : address.slice(slash);
  const authority = hasAuthority ? parseAuthority(address.slice(2, slash < 0 ? undefined : slash), fail) : {};
  return { scheme, ...authority, path: decode(rawPath, fail), rawPath, query };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function splitScheme(text: string, fail: Fail): { scheme: string; rest: string } {
  const before = /^[a-zA-Z][a-zA-Z0-9+.-]*(?=:)/.exec(text)?.[0];
  if (before !== undefined) return { scheme: before.toLowerCase(), rest: text.slice(before.length + 1) };
  if (text.startsWith(':')) fail('missing protocol scheme');
  return { scheme: '', rest: text };
}

function parseAuthority(authority: string, fail: Fail): Pick<UrlParts, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  if (at < 0) return { host: parseHost(authority, fail) };
  const user = authority.slice(0, at);
  const host = parseHost(authority.slice(at + 1), fail);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail('net/url: invalid userinfo');
  return { user, host };
}

function parseHost(host: string, fail: Fail): string {
  const closing = host.lastIndexOf(']');
  if (host.startsWith('[') && closing < 0) fail("missing ']' in host");
  const colon = host.startsWith('[') ? closing + 1 : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) fail(`invalid port ${quote(port)} after host`);
  const wrong = /[^\x80-\uffffA-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/.exec(host)?.[0];
  if (wrong !== undefined) fail(`invalid character ${quote(wrong)} in host name`);
  // In a host only bytes beyond ASCII are escaped, and the percent sign before a zone.
  const ascii = /%(?!25)[0-7][0-9a-fA-F]/.exec(host)?.[0];
  if (ascii !== undefined) fail(`invalid URL escape ${quote(ascii)}`);
  return decode(host, fail);
}

/** Escapes that are no UTF-8 stay as characters that replace them. */
function decode(text: string, fail: Fail): string {
  const bad = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (bad !== null) fail(`invalid URL escape ${quote(text.slice(bad.index, bad.index + 3))}`);
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

function decodeQuery(text: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(text) ? undefined : decode(text.replaceAll('+', ' '), failing(text));
}
