import { declare, type FunctionDeclaration, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, type CelType, listOf, mapOf, STRING, structType } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { MapLiteral } from '../../values/map-literal.js';
import { type CelValue, Opaque } from '../../values/value.js';
import { escapedPath, hostname, parseRequestUri, parseUrl, port, queryValues, type RequestUri, UriError } from './request-uri.js';

const URL_TYPE = structType('kubernetes.URL');

class UrlValue extends Opaque {
  readonly type = URL_TYPE;

  constructor(
    readonly text: string,
    readonly parts: RequestUri,
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
  try {
    parseRequestUri(text);
    return new UrlValue(text, parseUrl(text));
  } catch (error) {
    if (!(error instanceof UriError)) throw error;
    throw new EvaluationError(`URL parse error during conversion from string: ${error.message}`);
  }
}

function isUrl(text: string): boolean {
  try {
    parseRequestUri(text);
    return true;
  } catch (error) {
    if (error instanceof UriError) return false;
    throw error;
  }
}

function query({ parts }: UrlValue): CelValue {
  const values = new MapLiteral();
  for (const [name, list] of queryValues(parts)) values.set(name, list);
  return values;
}

function part(name: string, id: string, get: (parts: RequestUri) => string): FunctionDeclaration {
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
    part('getHostname', 'url_get_hostname', hostname),
    part('getPort', 'url_get_port', port),
    part('getEscapedPath', 'url_get_escaped_path', escapedPath),
    declare('getQuery', method('url_get_query', [URL_TYPE], QUERY, query)),
    declare('isURL', overload('is_url_string', [STRING], BOOL, isUrl)),
  ],
};
