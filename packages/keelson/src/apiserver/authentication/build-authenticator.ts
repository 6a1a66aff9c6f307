import {
  AnonymousAuthenticator,
  AudienceAgnosticTokens,
  AuthenticatorChain,
  BootstrapTokenAuthenticator,
  CachedTokenAuthenticator,
  ClientCertificateAuthenticator,
  PasswordFileAuthenticator,
  RequestHeaderAuthenticator,
  StaticTokenAuthenticator,
  UnionTokenAuthenticator,
} from '@keelson/auth';
import type { Authenticator, Features, ObjectAccess, TokenAuthenticator } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import type { AuthenticationOptions, RequestHeaderOptions } from '../options.js';
import type { JwtAuthentication } from './jwt-authentication.js';
import type { ServiceAccountKeys } from './open-service-account-keys.js';
import type { PeerAuthorities } from './peer-authorities.js';
import { accountTokenAuthenticators } from './service-accounts.js';
import { tokenCacheTtlMs } from './token-cache-ttl.js';

/** What authenticators are made with. */
export interface AuthenticatorParts {
  readonly peers: PeerAuthorities;
  readonly serviceAccountKeys: ServiceAccountKeys;
  readonly jwt: JwtAuthentication | undefined;
  readonly tokenWebhook: TokenAuthenticator | undefined;
  readonly objects: ObjectAccess;
  readonly features: Features;
  readonly metrics: Instruments['authentication'];
  readonly log: Log;
}

/** All authenticators that the options switch on, in upstream's order. */
export function buildAuthenticator(options: AuthenticationOptions, parts: AuthenticatorParts): AuthenticatorChain {
  const { apiAudiences } = options;
  const { metrics, jwt } = parts;
  const anonymous = anonymousAuthenticator(options, jwt);
  const costly = costlyTokens(options, parts);
  const cache = { successTtlMs: tokenCacheTtlMs, unknownTtlMs: 0, observer: metrics.tokenCache };
  return new AuthenticatorChain({
    requests: requestAuthenticators(options, parts),
    tokens: [
      ...knownTokens(options, parts),
      ...(costly.length === 0 ? [] : [new CachedTokenAuthenticator(new UnionTokenAuthenticator(costly), cache)]),
    ],
    apiAudiences,
    ...(anonymous && { anonymous }),
  });
}

/** What a configuration file says goes before the flag. */
function anonymousAuthenticator(
  { anonymous }: AuthenticationOptions,
  jwt: JwtAuthentication | undefined,
): AnonymousAuthenticator | undefined {
  const { enabled = false, conditions = [] } = jwt?.anonymous ?? { enabled: anonymous };
  if (!enabled) return undefined;
  return new AnonymousAuthenticator(conditions.length === 0 ? undefined : conditions.map(({ path = '' }) => path));
}

/** What tells a user by other things than a bearer token. */
function requestAuthenticators(
  { requestHeader, basicAuthFile }: AuthenticationOptions,
  { peers, features, metrics, log }: AuthenticatorParts,
): Authenticator[] {
  const kinds: Authenticator[] = [];
  if (peers.proxies && requestHeader) {
    warnOfUnusualHeaders(requestHeader, log);
    const { usernameHeaders: username, uidHeaders: uid, groupHeaders: group, extraHeaderPrefixes: extraPrefixes } = requestHeader;
    kinds.push(new RequestHeaderAuthenticator(peers.proxies, requestHeader.allowedNames, { username, uid, group, extraPrefixes }));
  }
  if (basicAuthFile !== undefined) kinds.push(PasswordFileAuthenticator.fromFile(basicAuthFile, (text) => log.warn(text)));
  const readsUid = features.get('AllowParsingUserUIDFromCertAuth') === true;
  if (peers.clients) kinds.push(new ClientCertificateAuthenticator(peers.clients, { readsUid, onCertificate: metrics.onCertificate }));
  return kinds;
}

function warnOfUnusualHeaders({ usernameHeaders, groupHeaders, extraHeaderPrefixes }: RequestHeaderOptions, log: Log): void {
  const check = (flag: string, names: readonly string[], standard: string) => {
    if (names.length === 0 || names.some((name) => name.toLowerCase() === standard.toLowerCase())) return;
    log.warn(`--${flag} is set without specifying the standard ${standard} header - API aggregation will not work`);
  };
  check('requestheader-username-headers', usernameHeaders, 'X-Remote-User');
  check('requestheader-group-headers', groupHeaders, 'X-Remote-Group');
  check('requestheader-extra-headers-prefix', extraHeaderPrefixes, 'X-Remote-Extra-');
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
function costlyTokens(options: AuthenticationOptions, parts: AuthenticatorParts): TokenAuthenticator[] {
  const { serviceAccountKeys, jwt, tokenWebhook } = parts;
  return [
    ...accountTokenAuthenticators(options, serviceAccountKeys, parts),
    ...(jwt ? [new AudienceAgnosticTokens(jwt.tokens, options.apiAudiences)] : []),
    ...(tokenWebhook ? [tokenWebhook] : []),
  ];
}
