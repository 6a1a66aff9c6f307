import type { RemoteObserver } from '@keelson/machinery';
import { CounterFamily, HistogramFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const bytes = [64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

/** Requests to other servers: webhooks of admission, conversion, authentication, authorization and audit. */
export function remoteObserver(registry: MetricsRegistry): RemoteObserver {
  const histogram = (of: string, help: string, bounds: readonly number[]) =>
    registry.add(new HistogramFamily(`rest_client_${of}`, `[ALPHA] ${help}`, ['verb', 'host'], bounds));
  const durations = histogram('request_duration_seconds', 'Time of requests to other servers, by verb and host.', seconds);
  const sent = histogram('request_size_bytes', 'Bytes of the bodies sent to other servers, by verb and host.', bytes);
  const received = histogram('response_size_bytes', 'Bytes of the bodies received from other servers, by verb and host.', bytes);
  const requests = registry.add(
    new CounterFamily('rest_client_requests_total', '[ALPHA] Requests to other servers, by code, method and host.', [
      'code',
      'method',
      'host',
    ]),
  );
  return ({ host, method, code, durationMs, sentBytes, receivedBytes }) => {
    requests.child(code === undefined ? '<error>' : String(code), method, host).add();
    durations.child(method, host).observe(durationMs / 1000);
    sent.child(method, host).observe(sentBytes);
    if (code !== undefined) received.child(method, host).observe(receivedBytes);
  };
}
