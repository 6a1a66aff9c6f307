import type { DialAddress } from '@keelson/machinery';
import { type AnswerSettings, isUpgrade, type KeelsonContext, type Outcome, replyTextError, sendAnswer } from '@keelson/server';
import type { RemoteApiService } from '../remote-api-service.js';
import { forwardedRequest } from './forwarded-request.js';
import { proxyUpgrade } from './proxy-upgrade.js';

/** Clients wait for discovery before they do anything else. */
const DISCOVERY_TIMEOUT_MS = 5_000;

/** Hands a request on to the extension server that serves its group-version, with the identity of its user. */
export function proxyRequest(ctx: KeelsonContext, remote: RemoteApiService, settings: AnswerSettings): Outcome {
  const addresses = remote.available ? addressesOf(remote) : [];
  if (addresses.length === 0) {
    replyTextError(ctx, 503, 'service unavailable');
    return undefined;
  }
  // From here on its cost is another server's.
  ctx.state.onWatchBegun?.();
  return isUpgrade(ctx) ? proxyUpgrade(ctx, remote, addresses) : forward(ctx, remote, addresses, settings);
}

function addressesOf(remote: RemoteApiService): DialAddress[] {
  try {
    return remote.addresses();
  } catch {
    return [];
  }
}

async function forward(
  ctx: KeelsonContext,
  remote: RemoteApiService,
  addresses: readonly DialAddress[],
  settings: AnswerSettings,
): Promise<void> {
  const { state } = ctx;
  const ended = new AbortController();
  const end = () => ended.abort(state.abortReason);
  state.onAbort(end);
  const timer = isDiscovery(ctx) ? setTimeout(() => ended.abort(), DISCOVERY_TIMEOUT_MS).unref() : undefined;
  try {
    const answer = await remote.send(forwardedRequest(ctx, addresses[0] as DialAddress, ended.signal), addresses, state.user);
    await sendAnswer(ctx, answer, settings);
  } catch (error) {
    if (ctx.res.headersSent || state.aborted) throw error;
    replyTextError(ctx, 503, (error as Error).message);
  } finally {
    clearTimeout(timer);
    state.offAbort(end);
  }
}

/** `/apis/<group>/<version>`: cheap to answer, and everybody waits for it. */
function isDiscovery({ state: { info } }: KeelsonContext): boolean {
  return !info.isResourceRequest && info.path.split('/').filter((segment) => segment !== '').length === 3;
}
