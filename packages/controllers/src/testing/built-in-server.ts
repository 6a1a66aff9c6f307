import { builtInGroups, NodePortLedger, rangeAllocationsOf } from '@keelson/api';
import type { core, events, networking } from '@keelson/schema';
import type { ApiServerConfig } from '@keelson/server';
import { startTestServer, type TestServer } from '@keelson/server/testing';
import type { KvBackend } from '@keelson/storage';

export const nodePortRange = { first: 30_000, last: 30_099 };
export const serviceRange = '10.0.0.0/24';

/** A server with every built-in resource, and nothing that keeps its objects. */
export function startBuiltInServer(backend?: KvBackend, config: Partial<ApiServerConfig> = {}): Promise<TestServer> {
  const groups = builtInGroups({ eventTtlSeconds: 3600, clusterIpRanges: [serviceRange], nodePortRange });
  return startTestServer({ groups, ...(backend && { backend }), ...config });
}

export function nodePortLedger({ api }: TestServer, range = nodePortRange): NodePortLedger {
  return new NodePortLedger(rangeAllocationsOf(api.groups), range);
}

export async function createService({ client }: TestServer, name: string, spec: core.v1.ServiceSpec = {}): Promise<core.v1.Service> {
  const body = { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
  return (await client.post('/api/v1/namespaces/default/services', body)).json<core.v1.Service>();
}

export async function addresses({ client }: TestServer): Promise<networking.v1.IPAddress[]> {
  const list = (await client.get('/apis/networking.k8s.io/v1/ipaddresses')).json<networking.v1.IPAddressList>();
  return list.items ?? [];
}

/** Events as `reason: note`, in the order of their names. */
export async function eventTexts(server: TestServer): Promise<string[]> {
  return (await allEvents(server)).map(({ reason, note }) => `${reason}: ${note}`);
}

export async function allEvents({ client }: TestServer): Promise<events.v1.Event[]> {
  const list = (await client.get('/apis/events.k8s.io/v1/events')).json<events.v1.EventList>();
  return list.items ?? [];
}

/** What is stored under each key, with its revision. */
export async function storedRevisions({ backend }: TestServer): Promise<Record<string, number>> {
  const { kvs } = await backend.list('/registry/', { keysOnly: true });
  return Object.fromEntries(kvs.map(({ key, modRevision }) => [key, modRevision]));
}

export function fail(error: unknown): void {
  throw error;
}
