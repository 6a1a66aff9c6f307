import type { RequestInfo } from '../filters/request-info.js';
import type { RequestState } from '../http/context.js';
import { type Counter, CounterFamily, HistogramFamily } from './family.js';
import { exponentialBounds, type Histogram } from './histogram.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** Where the requests of one route are counted: made once, when the route is registered. */
export interface RouteInstruments {
  readonly labels: RouteLabels;
  /** Counts an answered request. */
  record(state: RequestState): void;
}

export interface RouteLabels {
  /** As in RequestInfo. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
}

const durationBounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const scopeLabels = ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'];
const dryRunLabels = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'];
const component = 'apiserver';

/** The verbs as metrics call them. */
const reportedVerbs: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
  connect: 'CONNECT',
};

/** kube-apiserver's request metrics, by its names and labels. */
export class RequestMetrics {
  readonly #requests = new CounterFamily(
    'apiserver_request_total',
    '[STABLE] Requests answered, by verb, dry run, group, version, resource, scope, component and HTTP code.',
    [...dryRunLabels, 'code'],
  );
  readonly #durations = new HistogramFamily(
    'apiserver_request_duration_seconds',
    '[STABLE] Time from the headers of a request to the end of its answer.',
    dryRunLabels,
    durationBounds,
  );
  readonly #sizes = new HistogramFamily(
    'apiserver_response_sizes',
    '[STABLE] Bytes of the bodies of answered reads.',
    scopeLabels,
    exponentialBounds(1000, 10, 7),
  );

  constructor(registry: MetricsRegistry) {
    registry.add(this.#requests);
    registry.add(this.#durations);
    registry.add(this.#sizes);
  }

  /** Called when a route is made. Series appear with the first request of their kind. */
  route(labels: RouteLabels): RouteInstruments {
    const variants: (Variant | undefined)[] = [];
    return {
      labels,
      record: (state) => {
        const scope = scopeOf(state.info);
        const dryRun = state.query.raw.includes('dryRun=') && state.query.has('dryRun');
        const apply = isApply(state);
        const index = scope * 4 + (dryRun ? 2 : 0) + (apply ? 1 : 0);
        variants[index] ??= this.#variant(labels, scope, dryRun, apply);
        variants[index].record(state);
      },
    };
  }

  #variant({ verb, group, version, resource, subresource }: RouteLabels, scope: Scope, dryRun: boolean, apply: boolean): Variant {
    const reported = apply ? 'APPLY' : (reportedVerbs[verb] ?? verb.toUpperCase());
    const where = [group, version, resource, subresource, scopeNames[scope] as string, component];
    const labels = [reported, dryRun ? 'All' : '', ...where];
    const isRead = reported === 'GET' || reported === 'LIST';
    return new Variant(
      (code) => this.#requests.child(...labels, code),
      this.#durations.child(...labels),
      isRead ? this.#sizes.child(reported, ...where) : undefined,
    );
  }
}

/** The series of one route that differ by nothing but the code. */
class Variant {
  readonly #counters: (Counter | undefined)[] = [];
  readonly #counterOf: (code: string) => Counter;
  readonly #durations: Histogram;
  readonly #sizes: Histogram | undefined;

  constructor(counterOf: (code: string) => Counter, durations: Histogram, sizes: Histogram | undefined) {
    this.#counterOf = counterOf;
    this.#durations = durations;
    this.#sizes = sizes;
  }

  record(state: RequestState): void {
    const code = state.res.statusCode;
    this.#counters[code] ??= this.#counterOf(String(code));
    this.#counters[code].value++;
    this.#durations.observe((performance.now() - state.startedAtMs) / 1000);
    if (this.#sizes && state.responseBytes > 0) this.#sizes.observe(state.responseBytes);
  }
}

type Scope = 0 | 1 | 2;
const scopeNames = ['resource', 'namespace', 'cluster'] as const;

function scopeOf({ name, verb, namespace }: RequestInfo): Scope {
  if (name !== '' || verb === 'create') return 0;
  return namespace === '' ? 2 : 1;
}

function isApply({ info, req }: RequestState): boolean {
  return info.verb === 'patch' && (req.headers['content-type'] ?? '').startsWith('application/apply-patch');
}
