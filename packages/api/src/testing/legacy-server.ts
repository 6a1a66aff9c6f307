import type { ApiGroup } from '@keelson/server';
import { startTestServer, type TestServer } from '@keelson/server/testing';
import { builtInGroups } from '../built-in-groups.js';

/** New ones each time, as far as they belong to one server. */
export function legacyGroups(): readonly ApiGroup[] {
  const nodePortRange = { first: 30_000, last: 30_099 };
  return builtInGroups({ eventTtlSeconds: 3600, clusterIpRanges: ['10.0.0.0/24'], nodePortRange });
}

/** A server with every built-in resource, in removed versions, too. */
export function startLegacyServer(): Promise<TestServer> {
  return startTestServer({ groups: legacyGroups(), enabled: ({ enabledByDefault, removed }) => enabledByDefault || removed !== false });
}
