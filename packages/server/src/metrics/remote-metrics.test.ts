import { expect, it } from 'vitest';
import { MetricsRegistry } from './registry/metrics-registry.js';
import { remoteObserver } from './remote-metrics.js';

it('counts requests to other servers by the names of kube-apiserver', async () => {
  const registry = new MetricsRegistry();
  const observe = remoteObserver(registry);
  const asked = { host: 'hooks:443', method: 'POST', durationMs: 300, sentBytes: 65 };
  observe({ ...asked, code: 200, receivedBytes: 20 });
  observe({ ...asked, code: undefined, receivedBytes: 0 });
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const samples = text.split('\n').filter((line) => /^rest_client_(requests|.*_(sum|count))/.test(line));
  expect(samples.map((line) => line.slice('rest_client_'.length))).toEqual([
    'request_duration_seconds_sum{verb="POST",host="hooks:443"} 0.6',
    'request_duration_seconds_count{verb="POST",host="hooks:443"} 2',
    'request_size_bytes_sum{verb="POST",host="hooks:443"} 130',
    'request_size_bytes_count{verb="POST",host="hooks:443"} 2',
    'response_size_bytes_sum{verb="POST",host="hooks:443"} 20',
    'response_size_bytes_count{verb="POST",host="hooks:443"} 1',
    'requests_total{code="200",method="POST",host="hooks:443"} 1',
    'requests_total{code="<error>",method="POST",host="hooks:443"} 1',
  ]);
  const bounds = (of: string) => [...text.matchAll(new RegExp(`^rest_client_${of}_bucket.*le="(.*)"`, 'gm'))].map(([, bound]) => bound);
  expect(bounds('request_duration_seconds')).toEqual('0.005 0.025 0.1 0.25 0.5 1 2 4 8 15 30 60 +Inf'.split(' '));
  expect(bounds('request_size_bytes')).toEqual(
    '64 256 512 1024 4096 16384 65536 262144 1.048576e+06 4.194304e+06 1.6777216e+07 +Inf'.split(' '),
  );
});
