import type { JsonObject } from '@keelson/machinery';
import { type ConnectSubresource, escapePath, type KeelsonContext, type RequestInfo, type Target } from '@keelson/server';
import type { Destination } from './destinations/destination.js';
import { handOn } from './hand-on.js';

/** Finds out where requests to an object go, its `path` still empty; throws what there is to say against it. */
export type FindDestination = (target: Target) => Promise<Destination>;

/** HTTP to a pod, service or node through the server, with any method. Without `find` it is told of and not served. */
export function proxySubresource(kind: string, find?: FindDestination): ConnectSubresource {
  const told = { type: 'connect', kind, methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] } as const;
  if (find === undefined) return told;
  return {
    ...told,
    options: (_query, info): JsonObject => ({ path: restOf(info) }),
    async connect(ctx, target, { path }) {
      const rest = String(path ?? '');
      const destination = { ...(await find(target)), path: escapePath(rest) };
      await handOn(ctx, destination, prefixOf(ctx, rest));
    },
  };
}

/** What stands behind `…/proxy` in the path of a request, with its final slash. */
function restOf({ parts, path }: RequestInfo): string {
  const rest = parts.slice(3);
  if (rest.length === 0) return path.endsWith('/') ? '/' : '';
  return `/${rest.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

function prefixOf({ state }: KeelsonContext, rest: string): string {
  return escapePath(state.info.path.slice(0, state.info.path.length - rest.length));
}
