import { expect } from 'vitest';
import type { ApiClient, Headers } from '../../testing/api-client.js';
import { startTestServer } from '../../testing/start-test-server.js';
import type { WatchReader } from '../../testing/watch-reader.js';

export type WatchedMaps = Awaited<ReturnType<typeof startWatchedMaps>>;

/** A server whose config maps are watched, in a namespace of its own by each case. */
export async function startWatchedMaps() {
  const server = await startTestServer();
  const { client } = server;
  const open: WatchReader[] = [];
  let cases = 0;
  let maps = '';
  return {
    server,
    client,
    h2: await server.http2(),

    /** Where the config maps of a new case are. */
    nextCase(): string {
      maps = `/api/v1/namespaces/ns-${++cases}/configmaps`;
      return maps;
    },

    endCase(): void {
      for (const watch of open.splice(0)) watch.abort();
    },

    async watch(path: string, headers?: Headers, by: ApiClient = client): Promise<WatchReader> {
      const reader = await by.watch(path, headers);
      open.push(reader);
      return reader;
    },

    /** The revision of a new config map. */
    async create(name: string, more: { labels?: Record<string, string>; data?: Record<string, string> } = {}): Promise<string> {
      const { labels, data } = more;
      const answer = await client.post(maps, { metadata: { name, ...(labels && { labels }) }, ...(data && { data }) });
      return answer.json().metadata.resourceVersion ?? '';
    },

    async label(name: string, value: string | null): Promise<void> {
      expect((await client.patch(`${maps}/${name}`, 'merge-patch+json', { metadata: { labels: { app: value } } })).code).toBe(200);
    },
  };
}
