import type { RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { AuthenticationResult } from '@keelson/machinery';
import { buildChain } from '../src/filters/chain.js';
import { InFlightRequests } from '../src/filters/in-flight.js';
import { isLongRunning } from '../src/filters/long-running.js';
import { MaxInFlight } from '../src/filters/max-in-flight.js';
import { createApp } from '../src/http/app.js';
import { Listener } from '../src/http/listen.js';
import { reply, writeJsonStatus } from '../src/http/reply.js';
import { authority, server as serving } from '../src/http/testing/certificates.js';
import type { Log } from '../src/logging/log.js';

const body = Buffer.alloc(3900, 'x');
const silent: Log = { error: console.error, warn: () => undefined, info: () => undefined, enabled: () => false };

/** The unit: one constant answer, nothing else. */
const bare: RequestListener = (_, res) => {
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  res.end(body);
};

function chain(): ReturnType<typeof createApp> {
  const users = new Map<string, AuthenticationResult>([
    ['secret', { user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] } }],
  ]);
  const filters = buildChain({
    log: silent,
    writeStatus: writeJsonStatus,
    authenticator: {
      authenticate: ({ headers: { authorization } }) =>
        authorization?.startsWith('Bearer ') ? users.get(authorization.slice(7)) : undefined,
    },
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    inFlight: new InFlightRequests(),
    maxInFlight: new MaxInFlight({ maxReadOnly: 400, maxMutating: 200 }),
    isLongRunning,
    requestTimeoutMs: 60_000,
    onRequestEnd: () => undefined,
    dispatch: (ctx) => {
      ctx.respond = false;
      reply(ctx, 200, 'application/json', body);
      return undefined;
    },
  });
  return createApp(filters, (error) => console.error(error));
}

async function start(kind: string): Promise<number> {
  const tls = { cert: serving.certificate, key: serving.key };
  if (kind === 'chain' || kind === 'listener') {
    const listener = new Listener({
      host: '127.0.0.1',
      port: 0,
      tls: { certificate: serving.certificate, key: serving.key, clientAuthorities: [authority] },
      log: silent,
      onRequest: kind === 'listener' ? (bare as never) : chain(),
    });
    return (await listener.listen()).port;
  }
  const server =
    kind === 'bare-h2' ? createSecureServer(tls, bare as never) : createServer(tls, kind === 'chainh' ? (chain() as never) : bare);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
process.send?.({ port: await start(process.argv[2] ?? '') });
