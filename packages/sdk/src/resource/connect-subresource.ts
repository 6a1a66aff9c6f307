import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { type KubeObject, notFound } from '@keelson/machinery';
import { type ConnectSubresource, type KeelsonContext, replyJson, type Target } from '@keelson/server';
import type { ConnectAnswer, ConnectMethod, ConnectRequest } from './connect-options.js';
import type { SubresourceParts } from './subresource-parts.js';

/** A subresource that an author answers as he likes. `kind`: of its parent, for discovery. */
export function connectSubresource(
  kind: string,
  { methods = ['GET'], handle }: SubresourceParts & { readonly type: 'connect' },
): ConnectSubresource {
  return {
    type: 'connect',
    methods,
    kind,
    async connect(ctx, target) {
      const request = requestOf(ctx, target);
      const answer = await handle(request);
      await send(ctx, request.upgrade !== undefined, answer);
    },
  };
}

function requestOf({ req, state }: KeelsonContext, { version, info }: Target): ConnectRequest<KubeObject> {
  const rest = info.parts.slice(3);
  return {
    method: (req.method ?? 'GET') as ConnectMethod,
    namespace: info.namespace,
    name: info.name,
    path: rest.length === 0 ? '' : `/${rest.join('/')}`,
    query: new URLSearchParams(state.query.raw),
    headers: req.headers,
    user: state.user,
    body: req,
    upgrade: state.upgrade,
    signal: state.signal,
    async get() {
      const { object } = await version.resource.store.get(version.resource.path(info.namespace, info.name), { at: 'consistent' });
      if (object === undefined) throw notFound(version.groupResource, info.name);
      return version.hubObject(object);
    },
  };
}

async function send(ctx: KeelsonContext, upgraded: boolean, answer: ConnectAnswer): Promise<void> {
  ctx.respond = false;
  if (answer === undefined) {
    if (!upgraded) ctx.res.writeHead(204).end();
    return;
  }
  if (!(answer instanceof Response)) return replyJson(ctx, 200, answer);
  const { res } = ctx;
  res.statusCode = answer.status;
  for (const [name, value] of answer.headers) res.setHeader(name, value);
  if (answer.body === null) {
    res.end();
    return;
  }
  // Readers of a log wait for its beginning, not for its end.
  res.flushHeaders();
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), res, { signal: ctx.state.signal });
}
