import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alone, serveAlone } from '../../src/testing/serve-alone.js';
import { type NodeMetrics, nodeMetrics } from './node-metrics.js';
import { Samples } from './samples.js';

const NODES = '/apis/sampled.example.com/v1/nodes';
const AT = new Date('2026-01-01T00:00:00Z');

const samples = new Samples();
let alone: Alone;

beforeAll(async () => {
  samples.record('one', { cpu: '250m', memory: '1Gi' }, AT);
  alone = await serveAlone({ resources: [nodeMetrics(samples)] });
});
afterAll(() => alone.stop());

describe('node metrics', () => {
  it('are read from where they come', async () => {
    const list = (await alone.client.get(NODES)).json<{ kind: string; items: NodeMetrics[] }>();
    expect([list.kind, list.items.map(({ metadata, usage }) => [metadata.name, usage])]).toEqual([
      'NodeMetricsList',
      [['one', { cpu: '250m', memory: '1Gi' }]],
    ]);
    expect((await alone.client.get(`${NODES}/one`)).json()).toMatchObject({
      apiVersion: 'sampled.example.com/v1',
      kind: 'NodeMetrics',
      timestamp: '2026-01-01T00:00:00.000Z',
      window: '15s',
    });
    expect((await alone.client.get(`${NODES}/two`)).failure).toBe('404 NotFound: nodes.sampled.example.com "two" not found');
  });

  it('are watched from what was listed on', async () => {
    const { metadata } = (await alone.client.get(NODES)).json();
    const watch = await alone.client.watch(`${NODES}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    samples.record('two', { cpu: '1', memory: '2Gi' }, AT);
    samples.record('two', { cpu: '2', memory: '2Gi' }, AT);
    samples.record('two', { cpu: '2', memory: '2Gi' }, AT);
    samples.forget('two');
    expect(await watch.take(3)).toEqual(['ADDED two', 'MODIFIED two', 'DELETED two']);
    watch.abort();
  });

  it('are too old for who comes from another process', async () => {
    const watch = await alone.client.watch(`${NODES}?watch=true&resourceVersion=5`);
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  it('cannot be written', async () => {
    const body = { apiVersion: 'sampled.example.com/v1', kind: 'NodeMetrics', metadata: { name: 'x' } };
    expect((await alone.client.post(NODES, body)).code).toBe(405);
    expect((await alone.client.delete(`${NODES}/one`)).code).toBe(405);
  });
});
