import type { FlowSchema } from '../../flow-control/classification/flow-schema.js';
import type { FlowOrigin } from '../../flow-control/flow-origin.js';
import type { PriorityLevel } from '../../flow-control/priority-level.js';
import type { QueuedRequest } from '../../flow-control/queuing/queued-request.js';
import { CollectedFamily, CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { TimingRatioFamily } from '../registry/timing-ratio-family.js';
import { FlowInstruments, LevelInstruments } from './flow-instruments.js';

const LEVEL = ['priority_level'];
const PHASES = ['phase', 'priority_level'];
const FLOW = ['priority_level', 'flow_schema'];
const lengthBounds = [0, 10, 25, 50, 100, 250, 500, 1000];
const durationBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const watchBounds = [0, 1, 10, 100, 1000, 10_000];
const seatBounds = [1, 2, 4, 8, 16, 32, 64, 100];
/** Both 0.99 and 1 show whether a level is full. */
const seatRatioBounds = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];
const requestRatioBounds = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1];
const demandRatioBounds = [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.8, 4, 6];

type FlowRequest = QueuedRequest<FlowOrigin>;

/** Where metrics are read from when somebody asks for them. */
export interface ObservedFlowControl {
  levels(): Iterable<PriorityLevel>;
  schemas(): Iterable<FlowSchema>;
  fairFraction(): number;
}

/** kube-apiserver's metrics of priority and fairness, by its names and labels. */
export class FlowControlMetrics {
  readonly #dispatched = counter('dispatched_requests_total', '[BETA] Requests executed.', FLOW);
  readonly #rejected = counter('rejected_requests_total', '[BETA] Requests refused, by reason.', [...FLOW, 'reason']);
  readonly #notAccommodated = counter(
    'request_dispatch_no_accommodation_total',
    '[ALPHA] Dispatches that failed because too few seats were free.',
    FLOW,
  );
  readonly #epochs = counter('epoch_advance_total', '[ALPHA] Times that virtual time was wound back.', [...LEVEL, 'success']);
  readonly #lengths = histogram(
    'request_queue_length_after_enqueue',
    '[ALPHA] Length of its queue as each request finds it, itself included.',
    FLOW,
    lengthBounds,
  );
  readonly #waits = histogram('request_wait_duration_seconds', '[BETA] Time that requests waited.', [...FLOW, 'execute'], durationBounds);
  readonly #executions = histogram(
    'request_execution_seconds',
    '[ALPHA] Time that requests were executed; of watches, their beginning.',
    [...FLOW, 'type'],
    durationBounds,
  );
  readonly #watchCounts = histogram('watch_count_samples', '[ALPHA] Watchers that hear of a write.', FLOW, watchBounds);
  readonly #seats = histogram('work_estimated_seats', '[ALPHA] Seats that requests are estimated to take.', FLOW, seatBounds);
  readonly #seatRatios = new TimingRatioFamily(
    'apiserver_flowcontrol_priority_level_seat_utilization',
    '[ALPHA] For every nanosecond, the seats held as a fraction of the limit.',
    PHASES,
    seatRatioBounds,
  );
  readonly #requestRatios = new TimingRatioFamily(
    'apiserver_flowcontrol_priority_level_request_utilization',
    '[ALPHA] For every nanosecond, the requests that wait or are executed as a fraction of the limit.',
    PHASES,
    requestRatioBounds,
  );
  readonly #demandRatios = new TimingRatioFamily(
    'apiserver_flowcontrol_demand_seats',
    '[ALPHA] For every nanosecond, the seats that could be used as a fraction of the limit.',
    LEVEL,
    demandRatioBounds,
  );
  readonly #registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
    const counters = [this.#dispatched, this.#rejected, this.#notAccommodated, this.#epochs];
    const histograms = [this.#lengths, this.#waits, this.#executions, this.#watchCounts, this.#seats];
    const ratios = [this.#seatRatios, this.#requestRatios, this.#demandRatios];
    for (const family of [...counters, ...histograms, ...ratios]) registry.add(family);
  }

  /** `neverWait`: the level is exempt. */
  flow(level: string, schema: string, neverWait: boolean): FlowInstruments {
    const of = <C>(family: { child(...labels: string[]): C }, ...more: string[]): C => family.child(level, schema, ...more);
    return new FlowInstruments({
      dispatched: of(this.#dispatched),
      rejected: {
        'queue-full': of(this.#rejected, 'queue-full'),
        'concurrency-limit': of(this.#rejected, 'concurrency-limit'),
        'time-out': of(this.#rejected, 'time-out'),
      },
      notAccommodated: of(this.#notAccommodated),
      queueLengths: of(this.#lengths),
      waits: { executed: neverWait ? undefined : of(this.#waits, 'true'), refused: of(this.#waits, 'false') },
      executions: { regular: of(this.#executions, 'regular'), watch: of(this.#executions, 'watch') },
      watchCounts: of(this.#watchCounts),
      seats: of(this.#seats),
    });
  }

  level(name: string): LevelInstruments {
    return new LevelInstruments(
      {
        seats: this.#seatRatios.child('executing', name),
        executing: this.#requestRatios.child('executing', name),
        waiting: this.#requestRatios.child('waiting', name),
        demand: this.#demandRatios.child(name),
      },
      this.#epochs.child(name, 'true'),
    );
  }

  /** What is read from those who have it when somebody asks. */
  observe({ levels, schemas, fairFraction }: ObservedFlowControl): void {
    this.#registry.onRender(() => {
      for (const { instruments } of schemas()) instruments.settle();
    });
    this.#observeRequests(schemas);
    const add = (name: string, help: string, read: (level: PriorityLevel) => number) =>
      this.#registry.add(
        new CollectedFamily('gauge', `apiserver_flowcontrol_${name}`, help, LEVEL, function* () {
          for (const level of levels()) yield [[level.name], read(level)] as const;
        }),
      );
    add('nominal_limit_seats', '[BETA] Seats that the level is entitled to.', ({ bounds }) => bounds.nominal);
    add('lower_limit_seats', '[ALPHA] Seats that it keeps when it lends.', ({ bounds }) => bounds.lowest);
    add('upper_limit_seats', '[ALPHA] Seats that it can come to by borrowing.', ({ bounds }) => bounds.highest);
    add('current_limit_seats', '[ALPHA] Seats that it has now.', ({ queues }) => queues.limit);
    add('demand_seats_high_watermark', '[ALPHA] The most seats it could have used in the last period.', ({ demand }) => demand.highest);
    add('demand_seats_average', '[ALPHA] Seats it could have used on average in the last period.', ({ demand }) => demand.average);
    add('demand_seats_stdev', '[ALPHA] Standard deviation of these.', ({ demand }) => demand.deviation);
    add('demand_seats_smoothed', '[ALPHA] Seats it could have used of late.', ({ demand }) => demand.smoothed);
    add('target_seats', '[ALPHA] Seats that the last adjustment has aimed at.', ({ target }) => target);
    add('current_r', '[ALPHA] Virtual time, in seat-seconds.', ({ queues }) => queues.currentR / 1000);
    add('dispatch_r', '[ALPHA] Virtual time of the last dispatch.', ({ queues }) => queues.lastDispatch.currentR / 1000);
    add('latest_s', '[ALPHA] Virtual start of the request that was dispatched last.', ({ queues }) => queues.lastDispatch.startR / 1000);
    this.#observeStarts(levels);
    const family = 'apiserver_flowcontrol_seat_fair_frac';
    const help = '[ALPHA] Fraction of its target that every level got that no bound kept from it.';
    this.#registry.add(new CollectedFamily('gauge', family, help, [], () => [[[], fairFraction()]]));
  }

  #observeRequests(schemas: ObservedFlowControl['schemas']): void {
    const add = (
      name: string,
      help: string,
      requestsOf: (level: PriorityLevel) => Iterable<FlowRequest>,
      read: (request: FlowRequest) => number,
    ) =>
      this.#registry.add(
        new CollectedFamily('gauge', `apiserver_flowcontrol_${name}`, help, FLOW, function* () {
          for (const schema of schemas()) {
            let sum = 0;
            for (const request of requestsOf(schema.level)) if (request.origin.schema.name === schema.name) sum += read(request);
            yield [[schema.level.name, schema.name], sum] as const;
          }
        }),
      );
    const executing = ({ queues }: PriorityLevel) => queues.executingRequests;
    const waiting = ({ queues }: PriorityLevel) => queues.waitingRequests();
    const one = () => 1;
    const seats = ({ maxSeats }: FlowRequest) => maxSeats;
    add('current_inqueue_requests', '[BETA] Requests that wait.', waiting, one);
    add('current_inqueue_seats', '[ALPHA] Seats that requests wait for.', waiting, seats);
    add('current_executing_requests', '[BETA] Requests that are executed; of watches, their beginning.', executing, one);
    add('current_executing_seats', '[BETA] Seats that executed requests hold.', executing, seats);
  }

  #observeStarts(levels: () => Iterable<PriorityLevel>): void {
    const add = (name: string, help: string, discounted: boolean) =>
      this.#registry.add(
        new CollectedFamily('gauge', `apiserver_flowcontrol_${name}`, help, [...LEVEL, 'bound'], function* () {
          for (const { name: level, queues } of levels()) {
            const { min, max } = queues.startBounds(discounted);
            yield [[level, 'min'], min / 1000] as const;
            yield [[level, 'max'], max / 1000] as const;
          }
        }),
      );
    add('next_s_bounds', '[ALPHA] Least and greatest virtual start of the first requests of queues.', false);
    add('next_discounted_s_bounds', '[ALPHA] The same less what is being worked on.', true);
  }
}

function counter(name: string, help: string, labels: readonly string[]): CounterFamily {
  return new CounterFamily(`apiserver_flowcontrol_${name}`, help, labels);
}

function histogram(name: string, help: string, labels: readonly string[], bounds: readonly number[]): HistogramFamily {
  return new HistogramFamily(`apiserver_flowcontrol_${name}`, help, labels, bounds);
}
