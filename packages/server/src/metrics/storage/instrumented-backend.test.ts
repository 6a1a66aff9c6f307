import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsRegistry } from '../registry/metrics-registry.js';
import { InstrumentedBackend } from './instrumented-backend.js';
import { StorageMetrics } from './storage-metrics.js';

let memory: MemoryBackend;
let registry: MetricsRegistry;
let backend: InstrumentedBackend;

beforeEach(() => {
  memory = new MemoryBackend();
  registry = new MetricsRegistry();
  backend = new InstrumentedBackend(memory, new StorageMetrics(registry));
  backend.name('/registry/pods/', { group: '', resource: 'pods' });
  backend.name('/registry/services/specs/', { group: '', resource: 'services' });
});

afterEach(() => memory.close());

async function counted(metric: string): Promise<string[]> {
  let text = '';
  for await (const lines of registry.render()) text += lines;
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

describe('a counted backend', () => {
  it('counts requests by operation and resource', async () => {
    const written = await backend.put('/registry/pods/default/a', Buffer.from('1'), 0);
    await backend.put('/registry/pods/default/a', Buffer.from('2'), written.revision);
    await backend.get('/registry/services/specs/default/b');
    await backend.list('/registry/pods/');
    await backend.delete('/registry/pods/default/a', written.revision + 1);
    await backend.currentRevision();
    expect(await counted('etcd_requests_total')).toEqual([
      'etcd_requests_total{operation="create",group="",resource="pods"} 1',
      'etcd_requests_total{operation="update",group="",resource="pods"} 1',
      'etcd_requests_total{operation="get",group="",resource="services"} 1',
      'etcd_requests_total{operation="list",group="",resource="pods"} 1',
      'etcd_requests_total{operation="delete",group="",resource="pods"} 1',
      'etcd_requests_total{operation="get",group="",resource=""} 1',
    ]);
    expect(await counted('etcd_request_duration_seconds_count')).toHaveLength(6);
  });

  it('counts what fails, and passes the failure on', async () => {
    await expect(backend.list('/registry/pods/', { revision: 1000 })).rejects.toMatchObject({ code: 'futureRevision' });
    expect(await counted('etcd_request_errors_total')).toEqual(['etcd_request_errors_total{operation="list",group="",resource="pods"} 1']);
  });
});
