import { describe, expect, it } from 'vitest';
import type { ListSize } from '../../dispatch/layer.js';
import { MetricsRegistry } from '../../metrics/registry/metrics-registry.js';
import { FlowControlMetrics } from '../../metrics/requests/flow-control-metrics.js';
import type { FlowSchema } from '../classification/flow-schema.js';
import { requestState } from '../testing/request-state.js';
import { WatchCounts } from './watch-counts.js';
import { WidthEstimator } from './width-estimator.js';

function estimator(watchers: number, size?: ListSize) {
  const watches = new WatchCounts();
  for (let at = 0; at < watchers; at++) watches.add(requestState('GET', '/api/v1/pods?watch=1').info);
  const instruments = new FlowControlMetrics(new MetricsRegistry()).flow('level', 'schema', false);
  const schema = { level: { widest: 5 }, instruments } as unknown as FlowSchema;
  const widths = new WidthEstimator(() => size, watches);
  return { instruments, of: (method: string, url: string) => widths.of(requestState(method, url), schema) };
}

const one = { seats: 1, finalSeats: 0, finalMs: 0 };
const pod = '/api/v1/namespaces/a/pods/x';

describe('a write', () => {
  it('takes one seat when few are told of it', () => {
    expect(estimator(9).of('PUT', pod)).toEqual(one);
  });

  it('takes seats after it for those who are told of it, of which each ten cost as much as a seat for 5 ms', () => {
    expect(estimator(10).of('PUT', pod)).toEqual({ seats: 1, finalSeats: 1, finalMs: 5 });
    expect(estimator(35).of('PATCH', pod)).toEqual({ seats: 1, finalSeats: 4, finalMs: 5 });
    // No more at once than the level lets one request have, but for longer.
    expect(estimator(200).of('DELETE', pod)).toEqual({ seats: 1, finalSeats: 5, finalMs: 20 });
  });

  it('is counted by how many are told', () => {
    const { instruments, of } = estimator(35);
    of('PUT', pod);
    expect(instruments.series.watchCounts.sum).toBe(35);
  });

  it('of a token tells nobody', () => {
    const watches = new WatchCounts();
    for (let at = 0; at < 50; at++) watches.add(requestState('GET', '/api/v1/serviceaccounts?watch=1').info);
    const { instruments } = estimator(0);
    const schema = { level: { widest: 5 }, instruments } as unknown as FlowSchema;
    const token = requestState('POST', '/api/v1/namespaces/a/serviceaccounts/x/token');
    expect(new WidthEstimator(() => undefined, watches).of(token, schema)).toEqual(one);
  });
});

describe('a read', () => {
  const size = { objects: 100, bytes: 200_000, isText: false };

  it.each([
    ['GET', pod, 1],
    ['GET', '/api/v1/pods', 3],
    ['GET', '/version', 1],
    ['DELETE', '/api/v1/namespaces/a/pods', 1],
    // Watches that begin with what is there write that first.
    ['GET', '/api/v1/pods?watch=1', 3],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=0', 3],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=17', 1],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=17&sendInitialEvents=true', 3],
    ['GET', '/api/v1/pods?watch=1&sendInitialEvents=false', 1],
  ])('%s %s takes %i', (method, url, seats) => {
    expect(estimator(50, size).of(method, url)).toEqual({ ...one, seats });
  });
});
