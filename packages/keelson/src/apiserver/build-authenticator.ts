import { readFileSync } from 'node:fs';
import { AnonymousAuthenticator, authenticatorChain, ClientCertificateAuthenticator, StaticTokenAuthenticator } from '@keelson/auth';
import type { Authenticator } from '@keelson/machinery';
import type { Log } from '@keelson/server';
import type { AuthenticationOptions } from './options.js';

/** The authenticators that the options switch on, in upstream's order. */
export function buildAuthenticator(options: AuthenticationOptions, log: Log): Authenticator {
  const { clientCaFile, tokenAuthFile, anonymous } = options;
  return authenticatorChain({
    connections: clientCaFile === undefined ? [] : [new ClientCertificateAuthenticator(readFileSync(clientCaFile, 'utf8'))],
    tokens: tokenAuthFile === undefined ? [] : [StaticTokenAuthenticator.fromFile(tokenAuthFile, (text) => log.warn(text))],
    ...(anonymous && { anonymous: new AnonymousAuthenticator() }),
  });
}
