import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';

/** Composes the server from its parts and starts it. Fulfilled when it is ready to answer. */
export async function startApiServer(options: ApiServerOptions): Promise<RunningApiServer> {
  throw new Error(`no server has been composed for port ${options.serving.port}`);
}
