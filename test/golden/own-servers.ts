import type { ApiServerOptions } from '../support/start-api-server.js';

/** A server for conversations of our own: those in a folder of `own`. */
export type OwnServer = Pick<ApiServerOptions, 'flags' | 'files'> & { readonly folder: string };

export const ownServers: readonly OwnServer[] = [
  { folder: 'all-versions', flags: { 'runtime-config': 'api/all=true' } },
  { folder: 'removed-versions', flags: { 'runtime-config': 'api/all=true,api/legacy=true' } },
];
