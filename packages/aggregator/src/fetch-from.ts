import type { IncomingHttpHeaders } from 'node:http';
import { readBody, type UserInfo } from '@keelson/machinery';
import type { RemoteApiService } from './remote-api-service.js';

const TIMEOUT_MS = 5_000;
/** Documents of larger servers are not told of. */
const MAX_BYTES = 32 << 20;

export interface Fetched {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FetchOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly user: UserInfo;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** Reads a document of an extension server for this server itself. */
export async function fetchFrom(remote: RemoteApiService, path: string, options: FetchOptions): Promise<Fetched> {
  const { headers, user, timeoutMs = TIMEOUT_MS } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), options.signal]);
  const answer = await remote.send({ method: 'GET', path, headers: { ...headers }, signal }, remote.addresses(), user);
  const body = await readBody(answer.body, MAX_BYTES, path);
  if (!answer.isWhole()) throw new Error(`${path} was cut off`);
  return { code: answer.code, headers: answer.headers, body };
}
