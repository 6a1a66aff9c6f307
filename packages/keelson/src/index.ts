export type { ApiServerOptions } from './apiserver/options.js';
export type { RunningApiServer } from './apiserver/running-api-server.js';
export { runCli } from './cli.js';
