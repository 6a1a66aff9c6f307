import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { authorityOf, type DialAddress } from '@keelson/machinery';
import { askForUpgrade, followUpgrade, forwardedHeaders, type KeelsonContext, replyTextError, type UpgradeAnswer } from '@keelson/server';
import { isUnconnected, type RemoteApiService } from '../remote-api-service.js';
import { forwardedPath } from './forwarded-request.js';

/** Hands on a request that leaves HTTP. */
export async function proxyUpgrade(ctx: KeelsonContext, remote: RemoteApiService, addresses: readonly DialAddress[]): Promise<void> {
  let upgraded: UpgradeAnswer;
  try {
    upgraded = await ask(ctx, remote, addresses);
  } catch (error) {
    if (ctx.state.aborted) throw error;
    replyTextError(ctx, 503, remote.dialFailure(error));
    return;
  }
  await followUpgrade(ctx, upgraded, (why) => replyTextError(ctx, 503, why));
}

/** The first address that can be connected to. */
async function ask(ctx: KeelsonContext, remote: RemoteApiService, addresses: readonly DialAddress[]): Promise<UpgradeAnswer> {
  const { req, state } = ctx;
  const [address, ...others] = addresses as [DialAddress, ...DialAddress[]];
  let connection: TLSSocket;
  try {
    connection = await remote.backend(address).openForUpgrade(state.signal);
  } catch (error) {
    if (others.length === 0 || state.aborted || !isUnconnected(error)) throw error;
    return ask(ctx, remote, others);
  }
  const headers = {
    ...forwardedHeaders(ctx),
    ...remote.identityOf(state.user),
    host: authorityOf(address),
    connection: 'Upgrade',
    upgrade: req.headers.upgrade ?? '',
  };
  return askForUpgrade(
    request({ createConnection: () => connection, method: req.method, path: forwardedPath(ctx), headers, signal: state.signal }),
  );
}
