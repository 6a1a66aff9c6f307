import type { IncomingMessage } from 'node:http';
import type { RequestInfo } from '../../filters/request-info.js';
import type { RequestState } from '../../http/context.js';

/** What a request is about: an object, the objects of a namespace or all of them; '' when it is not about objects. */
export type Scope = 'resource' | 'namespace' | 'cluster' | '';

export type DryRun = '' | 'All' | 'invalid';

/** Verbs as metrics call them: by their HTTP method, but for reads of many objects. */
const reportedVerbs: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
  connect: 'CONNECT',
};

/** The verb of requests outside of the API is their lower-case method. */
const reportedMethods: Readonly<Record<string, string>> = {
  get: 'GET',
  head: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  connect: 'CONNECT',
};

/** Methods are the client's choice, and must not each make a series. */
const otherVerb = 'other';
const connectSubresources = new Set(['log', 'exec', 'portforward', 'attach', 'proxy']);

/** For the requests of one route. */
export function routeVerb(verb: string, subresource: string): string {
  return connectSubresources.has(subresource) ? 'CONNECT' : (reportedVerbs[verb] ?? otherVerb);
}

export function methodVerb({ verb }: RequestInfo): string {
  return reportedMethods[verb] ?? otherVerb;
}

/** For a request that was answered before it came to a route. */
export function requestVerb({ info, req }: RequestState): string {
  if (!info.isResourceRequest) return methodVerb(info);
  if (isApply(info, req)) return 'APPLY';
  // A list that is narrowed to one name counts as a read of one object.
  if (info.verb === 'list' && info.name !== '') return routeVerb('get', info.subresource);
  return routeVerb(info.verb, info.subresource);
}

export function isApply({ verb }: RequestInfo, { headers }: IncomingMessage): boolean {
  return verb === 'patch' && (headers['content-type'] ?? '').startsWith('application/apply-patch');
}

/** By the path alone, as routes are told apart: a list stays a list when a selector names one object. */
export function routeScope({ parts, verb, namespace }: RequestInfo): Scope {
  if (parts.length > 1 || verb === 'create') return 'resource';
  return namespace === '' ? 'cluster' : 'namespace';
}

export function requestScope({ name, verb, namespace, isResourceRequest }: RequestInfo): Scope {
  if (name !== '' || verb === 'create') return 'resource';
  if (namespace !== '') return 'namespace';
  return isResourceRequest ? 'cluster' : '';
}

const validations = new Set(['Ignore', 'Strict', 'Warn']);

/** What a write asks to be done about fields that its kind does not have: nothing said, one of the three, or `invalid`. */
export function validationOf({ query }: RequestState): string {
  if (!query.raw.includes('fieldValidation')) return '';
  const [given = '', ...more] = query.getAll('fieldValidation');
  if (more.length > 0) return 'invalid';
  return given === '' || validations.has(given) ? given : 'invalid';
}

export function dryRunOf({ query }: RequestState): DryRun {
  if (!query.raw.includes('dryRun')) return '';
  const given = query.getAll('dryRun');
  if (given.length === 0) return '';
  return given.every((value) => value === 'All') ? 'All' : 'invalid';
}
