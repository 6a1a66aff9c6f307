import { quote } from '@keelson/machinery';

/** The parts of a URL, as Go's net/url takes it apart. */
export interface RequestUri {
  readonly scheme: string;
  readonly host: string;
  /** Without its escapes. */
  readonly path: string;
  /** As it was written. */
  readonly rawPath: string;
  readonly query: string;
}

/** Carries Go's words for what is wrong with a URL. */
export class UriError extends Error {}

/** An absolute URI or an absolute path, as requests name them; `#` is an ordinary character. */
export function parseRequestUri(text: string): RequestUri {
  return parse(text, text);
}

/** The same, of a text that `parseRequestUri` takes, but without what follows `#`. */
export function parseUrl(text: string): RequestUri {
  return parse(text, text.split('#', 1)[0] ?? '');
}

/** What Go says of a text that is no URL, be it absolute or relative to another. */
export function urlProblem(text: string): string | undefined {
  try {
    parse(text, text.split('#', 1)[0] ?? '', { relative: true });
    return undefined;
  } catch (error) {
    if (error instanceof UriError) return error.message;
    throw error;
  }
}

function parse(text: string, body: string, { relative = false } = {}): RequestUri {
  const fail = (message: string): never => {
    throw new UriError(`parse ${quote(text)}: ${message}`);
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\x00-\x1f\x7f]/.test(body)) fail('net/url: invalid control character in URL');
  if (body === '' && !relative) fail('empty url');
  if (body === '*') return { scheme: '', host: '', path: '*', rawPath: '*', query: '' };
  const { scheme, rest } = splitScheme(body, fail);
  const [address = '', query = ''] = splitOnce(rest, '?');
  if (!address.startsWith('/')) {
    if (scheme === '' && !relative) fail('invalid URI for request');
    if (scheme === '' && address.split('/', 1)[0]?.includes(':')) fail('first path segment in URL cannot contain colon');
    return { scheme, host: '', path: '', rawPath: '', query };
  }
  if (scheme === '' || !address.startsWith('//')) return { scheme, host: '', path: decode(address, fail), rawPath: address, query };
  const slash = address.indexOf('/', 2);
  const authority = address.slice(2, slash < 0 ? undefined : slash);
  const rawPath = slash < 0 ? '' : address.slice(slash);
  return { scheme, host: parseAuthority(authority, fail), path: decode(rawPath, fail), rawPath, query };
}

type Fail = (message: string) => never;

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

function parseAuthority(authority: string, fail: Fail): string {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) fail('net/url: invalid userinfo');
  return parseHost(authority.slice(at + 1), fail);
}

function parseHost(host: string, fail: Fail): string {
  const closing = host.lastIndexOf(']');
  if (host.startsWith('[') && closing < 0) fail("missing ']' in host");
  const colon = host.startsWith('[') ? closing + 1 : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) fail(`invalid port ${quote(port)} after host`);
  const wrong = /[^\x80-\uffffA-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/.exec(host)?.[0];
  if (wrong !== undefined) fail(`invalid character ${quote(wrong)} in host name`);
  return decode(host, fail);
}

/** Escapes that are no UTF-8 stay as characters that replace them. */
function decode(text: string, fail: Fail): string {
  const bad = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (bad !== null) fail(`invalid URL escape ${quote(text.slice(bad.index, bad.index + 3))}`);
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

/** The path with escapes: as it was written where that is right, else with the escapes it needs. */
export function escapedPath({ path, rawPath }: RequestUri): string {
  if (path === '*' || /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%]*$/.test(rawPath)) return rawPath;
  return path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

export function hostname({ host }: RequestUri): string {
  const closing = host.indexOf(']');
  if (host.startsWith('[') && closing > 0) return host.slice(1, closing);
  const colon = host.lastIndexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

export function port({ host }: RequestUri): string {
  return /:(\d*)$/.exec(host)?.[1] ?? '';
}

/** Values by name. Parts that cannot be read are left out. */
export function queryValues({ query }: RequestUri): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const [name, value] = splitOnce(part, '=').map((piece) => decodeQuery(piece ?? '')) as [string | undefined, string | undefined];
    if (name === undefined || (value === undefined && part.includes('='))) continue;
    values.set(name, [...(values.get(name) ?? []), value ?? '']);
  }
  return values;
}

function decodeQuery(text: string): string | undefined {
  try {
    return decode(text.replaceAll('+', ' '), (message) => {
      throw new UriError(message);
    });
  } catch (error) {
    if (error instanceof UriError) return undefined;
    throw error;
  }
}
