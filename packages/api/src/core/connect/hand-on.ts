import type { ClientRequest } from 'node:http';
import { authorityOf, badRequest, connectionFailure, plainFailure, serviceUnavailable } from '@keelson/machinery';
import {
  askForUpgrade,
  escapePath,
  followUpgrade,
  forwardedHeaders,
  hasBody,
  isUpgrade,
  type KeelsonContext,
  type ProxiedAnswer,
  sendAnswer,
  type UpgradeAnswer,
} from '@keelson/server';
import { type Destination, requestTo, upgradeTo } from './destinations/destination.js';
import { ledBack } from './links/lead-back.js';

/** Hands on a request that leaves HTTP; throws 400 for any other. */
export async function handOnUpgrade(ctx: KeelsonContext, destination: Destination, query: string): Promise<void> {
  if (!isUpgrade(ctx)) throw badRequest('Upgrade request required');
  const { req, state } = ctx;
  const headers = {
    ...forwardedHeaders(ctx),
    host: hostOf(ctx),
    connection: 'Upgrade',
    upgrade: req.headers.upgrade ?? '',
  };
  const asked = upgradeTo(destination, { method: req.method ?? 'GET', query, headers, signal: state.signal });
  await followOrFail(ctx, await upgradeAnswer(ctx, destination, askForUpgrade(asked)));
}

/** What was answered to a request that leaves HTTP; throws what the client is told when there is no answer. */
export async function upgradeAnswer(ctx: KeelsonContext, { host }: Destination, asked: Promise<UpgradeAnswer>): Promise<UpgradeAnswer> {
  try {
    return await asked;
  } catch (error) {
    throw ctx.state.aborted ? error : plainFailure(`error dialing backend: ${connectionFailure(error, host)}`);
  }
}

export function followOrFail(ctx: KeelsonContext, upgraded: UpgradeAnswer): Promise<void> {
  return followUpgrade(ctx, upgraded, (why) => {
    throw plainFailure(why);
  });
}

/**
 * Hands on a request to what runs in the cluster. `prefix`: what the path of the destination stands for here; redirects and links
 * are led back below it.
 */
export async function handOn(ctx: KeelsonContext, destination: Destination, prefix: string): Promise<void> {
  const query = ctx.state.query.search;
  if (isUpgrade(ctx)) return handOnUpgrade(ctx, destination, query);
  const { req, res, state } = ctx;
  const method = req.method ?? 'GET';
  if (destination.path === '' && (method === 'GET' || method === 'HEAD')) {
    // Relative links on a page would lead beside it.
    ctx.respond = false;
    res.writeHead(301, { Location: `${escapePath(state.info.path)}/${query}` }).end();
    return;
  }
  const headers = { ...forwardedHeaders(ctx), host: hostOf(ctx), 'x-forwarded-uri': escapePath(state.info.path) };
  const answer = await send(ctx, requestTo(destination, { method, query, headers, signal: state.signal }), (error) =>
    serviceUnavailable(`error trying to reach service: ${connectionFailure(error, destination.host)}`),
  );
  const way = { to: authorityOf(destination), from: hostOf(ctx), prefix };
  await sendAnswer(ctx, ledBack(answer, method, way), { rejectRedirects: false });
}

/** `failure`: what is thrown when there is no answer. */
export function send(ctx: KeelsonContext, asked: ClientRequest, failure: (error: unknown) => Error): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    // After the answer has begun, its reader is told.
    asked.on('error', (error) => reject(ctx.state.aborted ? error : failure(error)));
    asked.once('response', (answer) =>
      resolve({ code: answer.statusCode ?? 0, headers: answer.headers, body: answer, isWhole: () => answer.complete }),
    );
    if (hasBody(ctx)) ctx.req.pipe(asked);
    else asked.end();
  });
}

/** The name under which the client has asked. */
export function hostOf({ req }: KeelsonContext): string {
  return String(req.headers[':authority'] ?? req.headers.host ?? '');
}
