import { CachedTokenAuthenticator, TokenWebhook } from '@keelson/auth';
import { type Egress, formatDurationMs, type TokenAuthenticator } from '@keelson/machinery';
import type { Log } from '@keelson/server';
import { kubeconfigServer } from '../kubeconfig-server.js';
import type { AuthenticationOptions } from '../options.js';
import { tokenCacheTtlMs } from './token-cache-ttl.js';

/** The server that tells whose tokens are, with what it has told; undefined where there is none. */
export async function openTokenWebhook(
  { tokenWebhook, apiAudiences }: AuthenticationOptions,
  egress: Egress,
  log: Log,
): Promise<TokenAuthenticator | undefined> {
  if (tokenWebhook === undefined) return undefined;
  const { kubeconfigFile, version, cacheTtlMs } = tokenWebhook;
  if (cacheTtlMs > 0 && cacheTtlMs < tokenCacheTtlMs) {
    const [own, overall] = [cacheTtlMs, tokenCacheTtlMs].map(formatDurationMs);
    log.warn(
      `the webhook cache ttl of ${own} is shorter than the overall cache ttl of ${overall} for successful token authentication attempts.`,
    );
  }
  const server = await kubeconfigServer(kubeconfigFile, egress);
  const webhook = new TokenWebhook({ server, version, apiAudiences, log });
  return new CachedTokenAuthenticator(webhook, { successTtlMs: cacheTtlMs, unknownTtlMs: cacheTtlMs });
}
