import { Histogram } from '@keelson/machinery';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { scraped } from '../../testing/scraped-metrics.js';
import { startTestServer, stopTestServers } from '../../testing/start-test-server.js';

afterEach(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const ofMaps = 'group="",resource="configmaps"';
const map = (name: string) => ({ metadata: { name } });

describe('metrics of caches and watches', () => {
  it('count objects, events and lists by resource', async () => {
    const server = await startTestServer();
    const { client, backend } = server;
    for (const name of ['a', 'b', 'c']) await client.post(maps, map(name));
    await client.ask('DELETE', `${maps}/c`);
    await client.get(maps);
    await client.get(`${maps}?fieldSelector=metadata.name%3Da`);
    const samples = async (name: string) => (await scraped(server, name)).filter((line) => line.includes('configmaps'));
    expect(await samples('apiserver_storage_objects')).toEqual(['{resource="configmaps"} 2']);
    expect(await samples('apiserver_resource_objects')).toEqual([`{${ofMaps}} 2`]);
    for (const name of ['storage_events_received_total', 'watch_cache_events_received_total', 'watch_cache_events_dispatched_total'])
      expect(await samples(`apiserver_${name}`)).toEqual([`{${ofMaps}} 4`]);
    expect(await samples('apiserver_watch_cache_initializations_total')).toEqual([`{${ofMaps}} 1`]);
    expect(await samples('apiserver_watch_cache_resource_version')).toEqual([`{${ofMaps}} ${await backend.currentRevision()}`]);
    expect(await samples('apiserver_cache_list_total')).toEqual([`{${ofMaps},index=""} 2`]);
    expect(await samples('apiserver_cache_list_fetched_objects_total')).toEqual([`{${ofMaps},index=""} 3`]);
    expect(await samples('apiserver_cache_list_returned_objects_total')).toEqual([`{${ofMaps}} 3`]);
    expect(await samples('apiserver_watch_cache_consistent_read_total')).toEqual([`{${ofMaps},success="true",fallback="false"} 2`]);
  });

  it('count what is stored, what lists cost the store, and how long they wait for the cache', async () => {
    const backend = new MemoryBackend();
    const first = await startTestServer({ backend });
    for (const name of ['a', 'b', 'c']) await first.client.post(maps, map(name));
    const server = await startTestServer({ backend });
    await server.client.get(maps);
    const ofServer = async (name: string) => (await scraped(server, name)).filter((line) => line.includes('configmaps'));
    expect(await ofServer('apiserver_storage_list_total')).toEqual([`{${ofMaps}} 1`]);
    for (const what of ['fetched', 'evaluated', 'returned'])
      expect(await ofServer(`apiserver_storage_list_${what}_objects_total`)).toEqual([`{${ofMaps}} 3`]);
    expect(await ofServer('watch_cache_capacity')).toEqual([`{${ofMaps}} 100`]);
    const { kvs } = await backend.list('/registry/configmaps/');
    const bytes = kvs.reduce((sum, { value }) => sum + value.length, 0);
    expect(await ofServer('apiserver_resource_size_estimate_bytes')).toEqual([`{${ofMaps}} ${bytes}`]);
    const waits = 'apiserver_watch_cache_read_wait_seconds';
    expect(await ofServer(`${waits}_count`)).toEqual([`{${ofMaps}} 1`]);
    const { text } = await server.client.get('/metrics');
    const bounds = [...text.matchAll(/^apiserver_watch_cache_read_wait_seconds_bucket\{.*"configmaps",le="(.*)"/gm)].map(
      ([, bound]) => bound,
    );
    expect(bounds).toEqual('0.005 0.025 0.05 0.1 0.2 0.4 0.6 0.8 1 1.25 1.5 2 3 +Inf'.split(' '));
  });

  it('count a resource with several versions once', async () => {
    const server = await startTestServer();
    const { text } = await server.client.get('/metrics');
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(series).size).toBe(series.length);
  });

  it('count what watches are sent', async () => {
    const server = await startTestServer();
    const { client } = server;
    await client.post(maps, map('a'));
    const initial = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await client.watch(`${maps}?watch=1&${initial}`);
    expect(await watch.take(2)).toEqual(['ADDED a', 'BOOKMARK ']);
    await client.post(maps, map('b'));
    expect(await watch.take(1)).toEqual(['ADDED b']);
    const version = 'group="",version="v1",resource="configmaps"';
    expect(await scraped(server, 'apiserver_watch_events_total')).toEqual([`{${version}} 3`]);
    expect(await scraped(server, 'apiserver_watch_events_sizes_count')).toEqual([`{${version}} 3`]);
    expect((await scraped(server, 'apiserver_watch_events_sizes_bucket')).map((line) => /le="(.*)"/.exec(line)?.[1])).toEqual(
      '1024 2048 4096 8192 16384 32768 65536 131072 +Inf'.split(' '),
    );
    expect(await scraped(server, 'apiserver_watch_list_duration_seconds_count')).toEqual([`{${version},scope="namespace"} 1`]);
    await expect.poll(() => scraped(server, 'apiserver_init_events_total')).toEqual([`{${ofMaps}} 1`]);
    watch.abort();
  });
});

describe('the size of the store', () => {
  /** A store on a disk that may fail. */
  class SizedBackend extends MemoryBackend {
    fails = false;
    async sizeBytes(): Promise<number> {
      if (this.fails) throw new Error('no answer');
      return 4096;
    }
  }

  it('is asked for with the metrics, and left out when it is not told', async () => {
    const backend = new SizedBackend();
    const server = await startTestServer({ backend });
    expect(await scraped(server, 'apiserver_storage_size_bytes')).toEqual(['{storage_cluster_id="etcd-0"} 4096']);
    backend.fails = true;
    expect(await scraped(server, 'apiserver_storage_size_bytes')).toEqual([]);
    expect(server.log.lines).toContain('warn the store does not tell its size');
  });
});

it('tells how many keys share a lease, where they do', async () => {
  class LeasingBackend extends MemoryBackend {
    readonly leaseKeys = new Histogram(Float64Array.of(10, 50));
  }
  const backend = new LeasingBackend();
  const server = await startTestServer({ backend });
  backend.leaseKeys.observe(20);
  expect(await scraped(server, 'etcd_lease_object_counts_bucket')).toEqual(['{le="50"} 1', '{le="+Inf"} 1']);
  expect(await scraped(server, 'etcd_lease_object_counts_sum')).toEqual([' 20']);
});
