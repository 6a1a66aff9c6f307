import { exponentialBounds } from '@keelson/machinery';
import type { FilterEvents } from '../../filters/filter-events.js';
import type { RequestState } from '../../http/context.js';
import { CounterFamily, GaugeFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import {
  type DryRun,
  dryRunOf,
  isApply,
  methodVerb,
  requestScope,
  requestVerb,
  routeScope,
  routeVerb,
  type Scope,
} from './request-labels.js';
import { RequestSeries } from './request-series.js';
import { WriteMetrics } from './write-metrics.js';

/** Where the requests of one route are counted: made once, when the route is registered. */
export interface RouteInstruments {
  readonly labels: RouteLabels;
  readonly deprecation?: Deprecation;
  /** Counts a request that was answered, or whose client has gone. */
  record(state: RequestState, durationMs: number): void;
}

export interface RouteLabels {
  /** As in RequestInfo. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
}

/** A version that is not to be used any more. */
export interface Deprecation {
  /** Minor release without it, `1.37`; '' when that is not known. */
  readonly removedRelease: string;
}

const levelBounds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
export const durationBounds: readonly number[] = [0.005, 0.025, ...levelBounds];

const whereLabels = ['group', 'version', 'resource', 'subresource', 'scope'];
const scopeLabels = ['verb', ...whereLabels, 'component'];
const dryRunLabels = ['verb', 'dry_run', ...whereLabels, 'component'];
const component = 'apiserver';

/** kube-apiserver's request metrics, by its names and labels. */
export class RequestMetrics implements FilterEvents {
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
  readonly #levels = new HistogramFamily(
    'apiserver_request_sli_duration_seconds',
    '[ALPHA] Time from the headers of a request to the end of its answer, without what the server waited for others to decide.',
    scopeLabels,
    levelBounds,
  );
  readonly #sizes = new HistogramFamily(
    'apiserver_response_sizes',
    '[STABLE] Bytes of the bodies of answered reads.',
    scopeLabels,
    exponentialBounds(1000, 10, 7),
  );
  readonly #terminations = new CounterFamily(
    'apiserver_request_terminations_total',
    '[ALPHA] Requests that the server ended in self-defence: too many at once, or out of time.',
    [...scopeLabels, 'code'],
  );
  readonly #aborts = new CounterFamily('apiserver_request_aborts_total', '[ALPHA] Requests whose answer was broken off.', [
    'verb',
    ...whereLabels,
  ]);
  readonly #deprecated = new GaugeFamily(
    'apiserver_requested_deprecated_apis',
    '[STABLE] 1 for each deprecated version that was asked for.',
    ['group', 'version', 'resource', 'subresource', 'removed_release'],
  );

  readonly #writes: WriteMetrics;

  constructor(registry: MetricsRegistry) {
    this.#writes = new WriteMetrics(registry);
    const families = [this.#requests, this.#durations, this.#levels, this.#sizes, this.#terminations, this.#aborts, this.#deprecated];
    for (const family of families) registry.add(family);
  }

  /** Called when a route is made. Series appear with the first request of their kind. */
  route(labels: RouteLabels, deprecation?: Deprecation): RouteInstruments {
    const { verb, group, version, resource, subresource } = labels;
    const isRead = verb === 'get' || verb === 'list' || verb === 'watch';
    const series = new Variants((scope, dryRun, apply) => {
      const reported = apply ? 'APPLY' : routeVerb(verb, subresource);
      return this.#series(reported, dryRun, [group, version, resource, subresource, scope, component], isRead);
    });
    const writes = this.#writes.route(group, resource, verb);
    const record = (state: RequestState, durationMs: number) => {
      series.of(state).record(state, durationMs);
      writes?.record(state, durationMs);
    };
    if (deprecation === undefined) return { labels, record };
    return {
      labels,
      deprecation,
      record: (state, durationMs) => {
        this.#deprecated.child(group, version, resource, subresource, deprecation.removedRelease).value = 1;
        record(state, durationMs);
      },
    };
  }

  /** For a path outside of the API, counted under a name of its own. */
  path(subresource: string, ofComponent = ''): RouteInstruments {
    const series = new Map<string, RequestSeries>();
    const labels = { verb: 'get', group: '', version: '', resource: '', subresource };
    return {
      labels,
      record: (state, durationMs) => {
        const verb = methodVerb(state.info);
        let own = series.get(verb);
        if (own === undefined) {
          own = this.#series(verb, '', ['', '', '', subresource, '', ofComponent], true);
          series.set(verb, own);
        }
        own.record(state, durationMs);
      },
    };
  }

  /** Counts as answered, too: no route will. */
  dropped(state: RequestState): void {
    const { info } = state;
    const labels = [info.apiGroup, info.apiVersion, info.resource, info.subresource, requestScope(info), component];
    this.#requests.child(requestVerb(state), dryRunOf(state), ...labels, '429').add();
    this.terminated(state, 429);
  }

  terminated(state: RequestState, code: number): void {
    const { info } = state;
    const subresource = info.isResourceRequest ? info.subresource : info.path;
    const labels = [info.apiGroup, info.apiVersion, info.resource, subresource, requestScope(info), component];
    this.#terminations.child(requestVerb(state), ...labels, String(code)).add();
  }

  aborted(state: RequestState): void {
    const { info } = state;
    const labels = [info.apiGroup, info.apiVersion, info.resource, info.subresource, requestScope(info)];
    this.#aborts.child(requestVerb(state), ...labels).add();
  }

  #series(verb: string, dryRun: DryRun, where: readonly string[], isRead: boolean): RequestSeries {
    return new RequestSeries({
      counterOf: (code) => this.#requests.child(verb, dryRun, ...where, code),
      durations: this.#durations.child(verb, dryRun, ...where),
      levels: this.#levels.child(verb, ...where),
      sizes: isRead ? this.#sizes.child(verb, ...where) : undefined,
    });
  }
}

const scopeIndex: Readonly<Record<Scope, number>> = { resource: 0, namespace: 1, cluster: 2, '': 3 };
const dryRunIndex: Readonly<Record<DryRun, number>> = { '': 0, All: 1, invalid: 2 };

/** The series of one route, found by what a request adds to its labels. */
class Variants {
  readonly #series: (RequestSeries | undefined)[] = [];
  readonly #make: (scope: Scope, dryRun: DryRun, apply: boolean) => RequestSeries;

  constructor(make: (scope: Scope, dryRun: DryRun, apply: boolean) => RequestSeries) {
    this.#make = make;
  }

  of(state: RequestState): RequestSeries {
    const scope = routeScope(state.info);
    const dryRun = dryRunOf(state);
    const apply = isApply(state.info, state.req);
    const index = (scopeIndex[scope] * 3 + dryRunIndex[dryRun]) * 2 + Number(apply);
    this.#series[index] ??= this.#make(scope, dryRun, apply);
    return this.#series[index];
  }
}
