import type { Authenticator, TokenAuthenticator } from '@keelson/machinery';
import { AuthenticatedGroupAdder } from './authenticated-group.js';
import { BearerTokenAuthenticator } from './bearer-token.js';
import { FallbackAuthenticator, UnionAuthenticator, UnionTokenAuthenticator } from './union.js';
import { WebSocketTokenAuthenticator } from './websocket-token.js';

export interface AuthenticatorChainOptions {
  /** Ways to know a user by the connection or by headers that only a proxy can set, asked first. */
  readonly connections?: readonly Authenticator[];
  /** Kinds of bearer tokens, in the order in which they are tried. */
  readonly tokens?: readonly TokenAuthenticator[];
  /** For requests without any credentials; without it they are refused. */
  readonly anonymous?: Authenticator;
}

/** Puts a server's authenticators in upstream's order. */
export function authenticatorChain({ connections = [], tokens = [], anonymous }: AuthenticatorChainOptions): Authenticator {
  const anyToken = new UnionTokenAuthenticator(tokens);
  const known = new AuthenticatedGroupAdder(
    new UnionAuthenticator([...connections, new BearerTokenAuthenticator(anyToken), new WebSocketTokenAuthenticator(anyToken)]),
  );
  return anonymous ? new FallbackAuthenticator(known, anonymous) : known;
}
