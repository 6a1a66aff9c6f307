import { readFileSync } from 'node:fs';
import { AnonymousAuthenticator, authenticatorChain, ClientCertificateAuthenticator, StaticTokenAuthenticator } from '@keelson/auth';
import type { Authenticator, TokenAuthenticator } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import type { AuthenticationOptions } from './options.js';

/** The kinds of bearer tokens that the options switch on, in upstream's order. */
export function tokenAuthenticators({ tokenAuthFile }: AuthenticationOptions, log: Log): TokenAuthenticator[] {
  return tokenAuthFile === undefined ? [] : [StaticTokenAuthenticator.fromFile(tokenAuthFile, (text) => log.warn(text))];
}

/** All authenticators that the options switch on, in upstream's order. */
export function buildAuthenticator(
  { clientCaFile, anonymous }: AuthenticationOptions,
  tokens: readonly TokenAuthenticator[],
  { onCertificate }: Pick<Instruments['authentication'], 'onCertificate'>,
): Authenticator {
  const certificates = (file: string) => new ClientCertificateAuthenticator(readFileSync(file, 'utf8'), onCertificate);
  return authenticatorChain({
    connections: clientCaFile === undefined ? [] : [certificates(clientCaFile)],
    tokens,
    ...(anonymous && { anonymous: new AnonymousAuthenticator() }),
  });
}
