import { type Histogram, linearBounds } from '@keelson/machinery';
import type { RequestState } from '../../http/context.js';
import { HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { validationOf } from './request-labels.js';

/** Verbs that take a body, as the metric calls them. */
const bodyVerbs: Readonly<Record<string, string>> = {
  create: 'create',
  update: 'update',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete_collection',
};
/** Those of them whose body is an object, or a change of one. */
const validatedVerbs = new Set(['create', 'update', 'patch']);
const validationBounds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** What is told of writes alone. */
export class WriteMetrics {
  readonly #bodies: HistogramFamily;
  readonly #validations: HistogramFamily;

  constructor(registry: MetricsRegistry) {
    this.#bodies = registry.add(
      new HistogramFamily(
        'apiserver_request_body_size_bytes',
        '[ALPHA] Bytes of the bodies of requests, by resource and verb.',
        ['group', 'resource', 'verb'],
        linearBounds(50_000, 100_000, 31),
      ),
    );
    this.#validations = registry.add(
      new HistogramFamily(
        'field_validation_request_duration_seconds',
        '[ALPHA] Time from the headers of a write to the end of its answer, by what it asks to be done about unknown fields.',
        ['field_validation'],
        validationBounds,
      ),
    );
  }

  /** Called when a route is made; undefined for one that takes no body. */
  route(group: string, resource: string, verb: string): WriteSeries | undefined {
    const bodyVerb = bodyVerbs[verb];
    if (bodyVerb === undefined) return undefined;
    return new WriteSeries(() => this.#bodies.child(group, resource, bodyVerb), validatedVerbs.has(verb) ? this.#validations : undefined);
  }
}

/** Where the writes of one route are counted. */
export class WriteSeries {
  #bodies: Histogram | undefined;

  constructor(
    private readonly makeBodies: () => Histogram,
    private readonly validations: HistogramFamily | undefined,
  ) {}

  record(state: RequestState, durationMs: number): void {
    if (state.bodyBytes >= 0) {
      this.#bodies ??= this.makeBodies();
      this.#bodies.observe(state.bodyBytes);
    }
    this.validations?.child(validationOf(state)).observe(durationMs / 1000);
  }
}
