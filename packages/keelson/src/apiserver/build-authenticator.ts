import { AnonymousAuthenticator, authenticatorChain, type ClientCertificateAuthenticator, StaticTokenAuthenticator } from '@keelson/auth';
import type { Authenticator, TokenAuthenticator } from '@keelson/machinery';
import type { Log } from '@keelson/server';
import type { AuthenticationOptions } from './options.js';

/** The kinds of bearer tokens that the options switch on, in upstream's order. */
export function tokenAuthenticators({ tokenAuthFile }: AuthenticationOptions, log: Log): TokenAuthenticator[] {
  return tokenAuthFile === undefined ? [] : [StaticTokenAuthenticator.fromFile(tokenAuthFile, (text) => log.warn(text))];
}

/** All authenticators that the options switch on, in upstream's order. */
export function buildAuthenticator(
  { anonymous }: AuthenticationOptions,
  clientCertificates: ClientCertificateAuthenticator | undefined,
  tokens: readonly TokenAuthenticator[],
): Authenticator {
  return authenticatorChain({
    connections: clientCertificates === undefined ? [] : [clientCertificates],
    tokens,
    ...(anonymous && { anonymous: new AnonymousAuthenticator() }),
  });
}
