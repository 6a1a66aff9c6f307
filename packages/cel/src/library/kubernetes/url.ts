import { GoUrl, UrlError } from '@keelson/machinery';
import { declare, type FunctionDeclaration, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, type CelType, listOf, mapOf, STRING, structType } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { MapLiteral } from '../../values/map-literal.js';
import { type CelValue, Opaque } from '../../values/value.js';

const URL_TYPE = structType('kubernetes.URL');

class UrlValue extends Opaque {
  readonly type = URL_TYPE;

  constructor(
    readonly text: string,
    readonly parts: GoUrl,
  ) {
    super();
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof UrlValue)) throw noSuchOverload();
    return this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
}

function parse(text: string): UrlValue {
  // What no request could name is refused, though it may be a URL.
  const asked = GoUrl.parseRequest(text);
  const parsed = asked instanceof UrlError ? asked : GoUrl.parse(text);
  if (parsed instanceof UrlError) throw new EvaluationError(`URL parse error during conversion from string: ${parsed.message}`);
  return new UrlValue(text, parsed);
}

const isUrl = (text: string) => GoUrl.parseRequest(text) instanceof GoUrl;

function query({ parts }: UrlValue): CelValue {
  const values = new MapLiteral();
  for (const [name, list] of parts.queryValues) values.set(name, list);
  return values;
}

function part(name: string, id: string, get: (parts: GoUrl) => string): FunctionDeclaration {
  return declare(
    name,
    method(id, [URL_TYPE], STRING, ({ parts }: UrlValue) => get(parts)),
  );
}

const QUERY: CelType = mapOf(STRING, listOf(STRING));

/** Kubernetes' URLs. */
export const URLS: Library = {
  functions: [
    declare('url', overload('string_to_url', [STRING], URL_TYPE, parse)),
    part('getScheme', 'url_get_scheme', ({ scheme }) => scheme),
    part('getHost', 'url_get_host', ({ host }) => host),
    part('getHostname', 'url_get_hostname', ({ hostname }) => hostname),
    part('getPort', 'url_get_port', ({ port }) => port),
    part('getEscapedPath', 'url_get_escaped_path', ({ escapedPath }) => escapedPath),
    declare('getQuery', method('url_get_query', [URL_TYPE], QUERY, query)),
    declare('isURL', overload('is_url_string', [STRING], BOOL, isUrl)),
  ],
};
