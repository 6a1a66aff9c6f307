import type { UserInfo } from '@keelson/machinery';
import { ApiClient } from '@keelson/server/testing';
import type { ExtensionServer } from '../serving/extension-server.js';
import { serve } from '../serving/serve.js';
import type { ServeOptions } from '../serving/serve-options.js';

/** An extension without a cluster: whoever asks is `user`, and may do anything. */
export interface Alone {
  readonly server: ExtensionServer;
  readonly client: ApiClient;
  stop(): Promise<void>;
}

const everybody: UserInfo = { name: 'alice', groups: ['system:authenticated'] };
const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };

export async function serveAlone(options: Omit<ServeOptions, 'log'>, user = everybody): Promise<Alone> {
  const server = await serve({
    storage: 'memory',
    host: '127.0.0.1',
    port: 0,
    register: false,
    stopOnSignals: false,
    authenticator: { authenticate: () => ({ user }) },
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    log: quiet,
    ...options,
  });
  const client = ApiClient.http1(Number(new URL(server.url).port), server.bundle);
  return {
    server,
    client,
    async stop() {
      client.close();
      await server.stop();
    },
  };
}
