import { authorityOf, type DialAddress } from '@keelson/machinery';
import { escapePath, forwardedHeaders, hasBody, type KeelsonContext } from '@keelson/server';
import type { BackendRequest } from '../backend/backend-request.js';

/** A client's request as the extension server gets it, but for who the user is. */
export function forwardedRequest(ctx: KeelsonContext, address: DialAddress, signal: AbortSignal): BackendRequest {
  const { req } = ctx;
  const headers = {
    ...forwardedHeaders(ctx),
    'x-forwarded-uri': escapePath(ctx.state.info.path),
    'x-forwarded-host': authorityOf(address),
    'x-forwarded-proto': 'https',
  };
  return { method: req.method ?? 'GET', path: forwardedPath(ctx), headers, signal, ...(hasBody(ctx) && { body: req }) };
}

/** The decoded path anew, as that is what was authorized; the query as it came. */
export function forwardedPath({ state }: KeelsonContext): string {
  return `${escapePath(state.info.path)}${state.query.search}`;
}
