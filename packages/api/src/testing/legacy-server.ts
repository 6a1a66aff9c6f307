import { startTestServer, type TestServer } from '@keelson/server/testing';
import { allBuiltInGroups } from './all-built-in-groups.js';

/** A server with every built-in resource, in removed versions, too. */
export function startLegacyServer(): Promise<TestServer> {
  return startTestServer({ groups: allBuiltInGroups(), enabled: ({ enabledByDefault, removed }) => enabledByDefault || removed !== false });
}
