import { ApiError, badRequest, parseFieldSelector, quote } from '@keelson/machinery';
import { type Query, unescapePercent } from '../http/query.js';

/** What a path and method ask for, before anything is known about the resource. */
export interface RequestInfo {
  readonly isResourceRequest: boolean;
  /** get, list, watch, create, update, patch, delete, deletecollection, proxy; else the lower-case HTTP method. */
  readonly verb: string;
  /** Decoded path without the query. */
  readonly path: string;
  /** `api` or `apis`; '' for non-resource requests. */
  readonly apiPrefix: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** Also the name a list or watch is narrowed to by `fieldSelector=metadata.name=x`. */
  readonly name: string;
  /** Path segments from the resource on: resource, name, subresource, and what follows. */
  readonly parts: readonly string[];
  /** Raw selectors of list, watch and deletecollection, for authorization (KEP-4601). */
  readonly fieldSelector: string;
  readonly labelSelector: string;
}

export const verbOfMethod: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * Reads a request's path, method and query. Throws for a path that names a special verb and nothing to apply it to.
 * The query is only parsed where the verb depends on it.
 */
export function parseRequestInfo(method: string, url: string, asker: { readonly query: Query }): RequestInfo {
  const mark = url.indexOf('?');
  const rawPath = requestTarget(mark < 0 ? url : url.slice(0, mark));
  const path = unescapePercent(rawPath);
  if (path === undefined) throw badRequest(`invalid URL escape in ${quote(rawPath)}`);
  const segments = splitPath(path);
  const prefix = segments[0];
  const skipped = prefix === 'api' ? 2 : prefix === 'apis' ? 3 : 0;
  if (skipped === 0 || segments.length < 3 || segments.length <= skipped) return nonResource(method, path);
  return resourceRequest(method, path, segments, skipped, asker);
}

/** Path and query, also of clients that take this server for a proxy and send the whole URL. */
export function requestTarget(target: string): string {
  if (target.startsWith('/')) return target;
  const authority = target.indexOf('://');
  const path = authority < 0 ? -1 : target.indexOf('/', authority + 3);
  return path < 0 ? target : target.slice(path);
}

function nonResource(method: string, path: string): RequestInfo {
  return {
    isResourceRequest: false,
    verb: method.toLowerCase(),
    path,
    apiPrefix: '',
    apiGroup: '',
    apiVersion: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    parts: noParts,
    fieldSelector: '',
    labelSelector: '',
  };
}

const noParts: readonly string[] = [];

/** `skipped` segments lead up to the resource: `api/v1` or `apis/group/version`. */
function resourceRequest(method: string, path: string, segments: string[], skipped: number, asker: { readonly query: Query }): RequestInfo {
  let at = skipped;
  let verb = verbOfMethod[method] ?? '';
  const first = segments[at];
  // Before verbs had query parameters they were a path prefix: /api/v1/watch/pods, /api/v1/proxy/nodes/n.
  const verbInPath = first === 'watch' || first === 'proxy';
  if (verbInPath) {
    if (segments.length < at + 2) throw new Error(`unable to determine kind and namespace from url, ${path}`);
    verb = first;
    at++;
  }
  let namespace = '';
  if (segments[at] === 'namespaces' && segments.length > at + 1) {
    namespace = segments[at + 1] as string;
    const next = segments[at + 2];
    if (next !== undefined && next !== 'status' && next !== 'finalize') at += 2;
  }
  const parts = segments.slice(at);
  let name = parts[1] ?? '';
  if (name === '' && verb === 'get') {
    verb = asker.query.flag('watch') ? 'watch' : 'list';
    name = nameInFieldSelector(asker.query);
  } else if (name === '' && verb === 'delete') verb = 'deletecollection';
  const selects = !verbInPath && (verb === 'list' || verb === 'watch' || verb === 'deletecollection');
  return {
    isResourceRequest: true,
    verb,
    path,
    apiPrefix: segments[0] as string,
    apiGroup: skipped === 3 ? (segments[1] as string) : '',
    apiVersion: segments[skipped - 1] as string,
    namespace,
    resource: parts[0] as string,
    subresource: verb === 'proxy' ? '' : (parts[2] ?? ''),
    name,
    parts,
    fieldSelector: selects ? asker.query.get('fieldSelector') : '',
    labelSelector: selects ? asker.query.get('labelSelector') : '',
  };
}

/** Segments between slashes; slashes at both ends are dropped, those inside keep their empty segments. */
function splitPath(path: string): string[] {
  let start = 0;
  let end = path.length;
  while (start < end && path.charCodeAt(start) === slash) start++;
  while (end > start && path.charCodeAt(end - 1) === slash) end--;
  return start === end ? [] : path.slice(start, end).split('/');
}

const slash = 0x2f;

/** The name that `fieldSelector` requires, when it could be the name of an object. */
function nameInFieldSelector(query: Query): string {
  const text = query.get('fieldSelector');
  if (!text.includes('metadata.name')) return '';
  const name = requiredValue(text, 'metadata.name');
  return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
}

/** The value that a selector requires of a field, '' for none. One that cannot be read is refused by the verb; it narrows nothing here. */
export function requiredValue(selector: string, field: string): string {
  try {
    return parseFieldSelector(selector).exactValue(field) ?? '';
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
}
