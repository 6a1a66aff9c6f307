import { Query, unescapePercent } from '../http/query.js';

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
