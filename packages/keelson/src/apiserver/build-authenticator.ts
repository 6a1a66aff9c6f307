import {
  AnonymousAuthenticator,
  AudienceAgnosticTokens,
  AuthenticatorChain,
  BootstrapTokenAuthenticator,
  CachedTokenAuthenticator,
  type ClientCertificateAuthenticator,
  StaticTokenAuthenticator,
  UnionTokenAuthenticator,
} from '@keelson/auth';
import type { ObjectAccess, TokenAuthenticator } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import type { AuthenticationOptions } from './options.js';

/** How long it may go unseen that a token is no longer good. */
const tokenCacheTtlMs = 10_000;

/** What authenticators are made with. */
export interface AuthenticatorParts {
  readonly clientCertificates: ClientCertificateAuthenticator | undefined;
  readonly objects: ObjectAccess;
  readonly metrics: Instruments['authentication'];
  readonly log: Log;
}

/** All authenticators that the options switch on, in upstream's order. */
export function buildAuthenticator(options: AuthenticationOptions, parts: AuthenticatorParts): AuthenticatorChain {
  const { anonymous, apiAudiences } = options;
  const { clientCertificates, metrics } = parts;
  const costly = costlyTokens(options, parts);
  const cache = { successTtlMs: tokenCacheTtlMs, unknownTtlMs: 0, observer: metrics.tokenCache };
  return new AuthenticatorChain({
    requests: clientCertificates === undefined ? [] : [clientCertificates],
    tokens: [
      ...knownTokens(options, parts),
      ...(costly.length === 0 ? [] : [new CachedTokenAuthenticator(new UnionTokenAuthenticator(costly), cache)]),
    ],
    apiAudiences,
    ...(anonymous && { anonymous: new AnonymousAuthenticator() }),
  });
}

/** Kinds of tokens that are in memory, which costs nothing to ask. */
function knownTokens(options: AuthenticationOptions, { objects, log }: AuthenticatorParts): TokenAuthenticator[] {
  const { tokenAuthFile, bootstrapTokens, apiAudiences } = options;
  const kinds: TokenAuthenticator[] = [];
  if (tokenAuthFile !== undefined) kinds.push(StaticTokenAuthenticator.fromFile(tokenAuthFile, (text) => log.warn(text)));
  if (bootstrapTokens) {
    const bootstrap = new BootstrapTokenAuthenticator(log);
    objects.follow({ group: '', version: 'v1', resource: 'secrets' }, bootstrap);
    kinds.push(bootstrap);
  }
  return kinds.map((kind) => new AudienceAgnosticTokens(kind, apiAudiences));
}

/** Kinds of tokens whose verification costs much, or is for others to do: what is known of a token is kept for a while. */
function costlyTokens(_options: AuthenticationOptions, _parts: AuthenticatorParts): TokenAuthenticator[] {
  return [];
}
