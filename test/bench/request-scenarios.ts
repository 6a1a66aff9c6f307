import type { RequestParts } from './http-request.js';
import { appName, NAMESPACES, namespaceName, podLabels, podManifest, podPath } from './pod-fixture.js';

type Request = Omit<RequestParts, 'token'>;

/** One kind of request, sent over and over. */
export interface RequestScenario {
  readonly name: string;
  /** CPU per operation in units of the bare server; undefined where none is set. */
  readonly aimUnits?: number;
  /** Requests at once; big answers take fewer. */
  readonly lanes: number;
  readonly protocol?: 'h2';
  readonly expected: number;
  /** Fetched before, for `request`. */
  readonly fetch?: (index: number) => string;
  /** `index` counts requests of this run, and differs between lanes. */
  readonly request: (index: number, fetched: readonly string[]) => Request;
  /** A collection deleted afterwards. */
  readonly cleanUp?: string;
  /** Requests before it is measured, where code is concerned that takes thousands of them until it is all compiled. */
  readonly warmUpRequests?: number;
  /** Requests that make one operation; all but the last cost what this scenario measured, and that is taken off. */
  readonly net?: { readonly of: string; readonly requestsPerOperation: number };
}

/** A write runs through more code than any other request, and most servers see few writes for each read. */
const WARM_UP_WRITES = 2500;
/** The compilers work on the path of a read for a second or two of nothing else. */
const WARM_UP_READS = 20_000;
/** Objects written to; more than lanes, so that no two writes of a wave meet. */
const WRITTEN = 64;
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const ALL_PODS = '/api/v1/pods';
/** Pods of one namespace are this far apart. */
const IN_FIRST_NAMESPACE = NAMESPACES;
const podsOf = (index: number) => `/api/v1/namespaces/${namespaceName(index)}/pods`;
const spread = (index: number) => (index * 7919) % 10_000;

const get = (name: string, query: string, aimUnits: number | undefined, more: Partial<Request> = {}): RequestScenario => ({
  name,
  ...(aimUnits !== undefined && { aimUnits }),
  lanes: 16,
  expected: 200,
  warmUpRequests: WARM_UP_READS,
  request: (index) => ({ method: 'GET', path: `${podPath(spread(index))}${query}`, ...more }),
});

const list = (name: string, path: (index: number) => string, aimUnits: number, more: Partial<Request> = {}): RequestScenario => ({
  name,
  aimUnits,
  lanes: name.startsWith('list10k') ? 2 : name.startsWith('list1k') ? 4 : 16,
  expected: 200,
  request: (index) => ({ method: 'GET', path: path(index), ...more }),
});

const write = (
  name: string,
  aimUnits: number,
  request: RequestScenario['request'],
  more: Partial<RequestScenario> = {},
): RequestScenario => ({
  name,
  aimUnits,
  lanes: 16,
  expected: 200,
  warmUpRequests: WARM_UP_WRITES,
  request,
  ...more,
});

function annotate(pod: number, index: number): Request {
  const body = JSON.stringify({ metadata: { annotations: { 'bench/round': `round-${index}` } } });
  return patchRequest(podPath(pod), 'application/strategic-merge-patch+json', body);
}

const applied = (index: number) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { annotations: { 'bench/applied': `round-${index}` }, labels: { 'bench/applied': 'true' } },
    spec: { containers: [{ name: 'web', image: 'registry.example.com/shop/web:1.18.3' }] },
  });

/** Aims of gzip lists are for unchanged data that was listed before; ten times the pods are ten times the bytes. */
/** In the order they run: writes last, for they make the server encode objects anew. */
export const requestScenarios: readonly RequestScenario[] = [
  get('get-rv0', '?resourceVersion=0', 2.5),
  get('get', '', 4),
  get('get-pb', '', 4, { accept: PROTOBUF }),
  { ...get('get-rv0-h2', '?resourceVersion=0', undefined), protocol: 'h2' },
  list('list1k', podsOf, 250),
  list('list1k-pb', podsOf, 250, { accept: PROTOBUF }),
  list('list1k-gzip', podsOf, 10, { gzip: true }),
  list('list1k-pb-gzip', podsOf, 10, { accept: PROTOBUF, gzip: true }),
  list('list1k-table-gzip', podsOf, 350, { accept: TABLE, gzip: true }),
  list('list10k', () => ALL_PODS, 2600),
  list('list10k-pb', () => ALL_PODS, 2600, { accept: PROTOBUF }),
  list('list10k-gzip', () => ALL_PODS, 100, { gzip: true }),
  list('list10k-pb-gzip', () => ALL_PODS, 100, { accept: PROTOBUF, gzip: true }),
  list('list-selector', (index) => `${ALL_PODS}?labelSelector=app%3D${appName(spread(index))}`, 15),
  write('create', 20, (index) => createRequest('pods', podManifest('bench-create', `pod-${index}`, podLabels(index), undefined)), {
    expected: 201,
    cleanUp: '/api/v1/namespaces/bench-create/pods',
  }),
  write('update', 30, (index, fetched) => putRequest(index, fetched), { fetch: podPath }),
  write('patch', 36, (index) => annotate(index % WRITTEN, index)),
  {
    ...list('list1k-gzip-changing', podsOf, 350, { gzip: true }),
    lanes: 1,
    net: { of: 'patch', requestsPerOperation: 2 },
    request: (index) =>
      index % 2 === 0 ? annotate(IN_FIRST_NAMESPACE * (index % 1000), index) : { method: 'GET', path: podsOf(0), gzip: true },
  },
  write('apply', 60, (index) =>
    patchRequest(`${podPath(index % WRITTEN)}?fieldManager=bench-apply&force=true`, 'application/apply-patch+yaml', applied(index)),
  ),
];

/** How many objects `fetch` names. */
export const FETCHED = WRITTEN;

function createRequest(resource: string, manifest: object): Request {
  return { method: 'POST', path: `/api/v1/namespaces/bench-create/${resource}`, body: JSON.stringify(manifest) };
}

function putRequest(index: number, fetched: readonly string[]): Request {
  const body = fetched[index % WRITTEN] as string;
  return {
    method: 'PUT',
    path: podPath(index % WRITTEN),
    body: body.replace('"prometheus.io/port":"8080"', `"prometheus.io/port":"${index}"`),
  };
}

function patchRequest(path: string, contentType: string, body: string): Request {
  return { method: 'PATCH', path, contentType, body };
}

/** Eight readers of everything at once: for the memory they take. */
export const everythingAtOnce: RequestScenario = { ...list('everything-at-once', () => ALL_PODS, 0), lanes: 8 };
