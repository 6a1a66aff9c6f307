import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { exponentialBounds, formatGoFloat, linearBounds } from '@keelson/machinery';
import { afterEach, describe, expect, it } from 'vitest';
import { dispatch } from '../dispatch/dispatch.js';
import { PathLayer } from '../dispatch/path-layer.js';
import { askHttp1, openHttp2 } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import { installMetrics } from './metrics-handlers.js';
import { CollectedFamily, CounterFamily, HistogramFamily } from './registry/family.js';
import { MetricsRegistry } from './registry/metrics-registry.js';

afterEach(stopServers);

const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

async function text(registry: MetricsRegistry): Promise<string> {
  let all = '';
  for await (const lines of registry.render()) all += lines;
  return all;
}

describe('MetricsRegistry', () => {
  it('renders the text exposition format', async () => {
    const registry = new MetricsRegistry();
    registry.add(new CounterFamily('unused_total', 'Nobody counts this.', []));
    registry
      .add(new CounterFamily('odd_total', 'Odd labels.', ['a', 'b']))
      .child('quo"te\\', 'two\nlines')
      .add(2);
    const durations = registry.add(new HistogramFamily('wait_seconds', 'Waiting.', ['verb'], [0.1, 1]));
    for (const seconds of [0.05, 0.1, 0.5, 30]) durations.child('GET').observe(seconds);
    registry.add(new CollectedFamily('gauge', 'open', 'Open.', [], () => [[[], 3]]));
    expect(await text(registry)).toBe(
      [
        '# HELP odd_total Odd labels.',
        '# TYPE odd_total counter',
        'odd_total{a="quo\\"te\\\\",b="two\\nlines"} 2',
        '# HELP wait_seconds Waiting.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{verb="GET",le="0.1"} 2',
        'wait_seconds_bucket{verb="GET",le="1"} 3',
        'wait_seconds_bucket{verb="GET",le="+Inf"} 4',
        'wait_seconds_sum{verb="GET"} 30.65',
        'wait_seconds_count{verb="GET"} 4',
        '# HELP open Open.',
        '# TYPE open gauge',
        'open 3',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what is disabled', async () => {
    const registry = new MetricsRegistry();
    registry.observeProcess((error) => expect.unreachable(String(error)));
    registry
      .add(new CounterFamily('a_total', 'A.', []))
      .child()
      .add();
    registry
      .add(new CounterFamily('b_total', 'B.', []))
      .child()
      .add();
    const names = ['a_total', 'b_total', 'process_resident_memory_bytes', 'process_start_time_seconds'];
    const shown = async () => {
      const all = await text(registry);
      return names.filter((name) => all.includes(`\n${name} `));
    };
    expect(await shown()).toEqual(names);
    registry.disable(['a_total', 'process_resident_memory_bytes', 'unknown_total']);
    expect(await shown()).toEqual(['b_total', 'process_start_time_seconds']);
  });

  it('refuses a name twice, and bounds what labels can cost', async () => {
    const registry = new MetricsRegistry();
    const family = registry.add(new CounterFamily('x', '', ['a']));
    expect(() => registry.add(new CounterFamily('x', '', []))).toThrow('metric x is already registered');
    for (let at = 0; at < 20_100; at++) family.child(String(at)).add();
    expect(Array.from(family.render())).toHaveLength(20_000);
    expect(family.child('7')).toBe(family.child('7'));
  });

  it('spaces bounds as told', () => {
    expect(exponentialBounds(1000, 10, 3)).toEqual([1000, 10_000, 100_000]);
    expect(exponentialBounds(1e-8, 10, 5).map(formatGoFloat)).toEqual(
      '1e-08 1e-07 1e-06 9.999999999999999e-06 9.999999999999999e-05'.split(' '),
    );
    expect(linearBounds(5, 10, 3)).toEqual([5, 15, 25]);
  });

  it('shows the process beside our own', async () => {
    const registry = new MetricsRegistry();
    registry.observeProcess((error) => expect.unreachable(String(error)));
    const shown = await text(registry);
    expect(shown).toMatch(/^process_resident_memory_bytes \d+$/m);
    const ofLinux = ['process_virtual_memory_max_bytes', 'process_network_receive_bytes_total', 'process_network_transmit_bytes_total'];
    expect(ofLinux.filter((name) => new RegExp(`^${name} \\d`, 'm').test(shown))).toEqual(process.platform === 'linux' ? ofLinux : []);
  });
});

describe('/metrics', () => {
  it('sends long expositions whole', async () => {
    const registry = new MetricsRegistry();
    const family = registry.add(new CounterFamily('many_total', 'Many.', ['at']));
    for (let at = 0; at < 5000; at++) family.child(String(at)).add();
    const paths = new PathLayer();
    installMetrics(paths, registry, new MetricsRegistry());
    const { port } = await startServer(dispatch([paths]));
    expect((await askHttp1(port, '/metrics')).text.match(/^many_total\{/gm)).toHaveLength(5000);
  });

  it('compresses for those who ask, and is text whatever they would rather have', async () => {
    const registry = new MetricsRegistry();
    const family = registry.add(new CounterFamily('many_total', 'Many.', ['at']));
    for (let at = 0; at < 5000; at++) family.child(String(at)).add();
    const paths = new PathLayer();
    installMetrics(paths, registry, new MetricsRegistry());
    const { port } = await startServer(dispatch([paths]));
    const plain = await askHttp1(port, '/metrics');
    expect([plain.headers['content-type'], plain.headers['content-encoding']]).toEqual([contentType, undefined]);

    const session = await openHttp2(port);
    const compressed = session.request({
      ':path': '/metrics',
      'accept-encoding': 'gzip',
      accept: 'application/openmetrics-text;version=1.0.0',
    });
    const [headers] = await once(compressed, 'response');
    expect([headers['content-type'], headers['content-encoding']]).toEqual([contentType, 'gzip']);
    const bytes = Buffer.concat(await compressed.toArray());
    expect(bytes.length).toBeLessThan(plain.text.length / 4);
    expect(gunzipSync(bytes).toString()).toBe(plain.text);
    session.destroy();
  });
});
