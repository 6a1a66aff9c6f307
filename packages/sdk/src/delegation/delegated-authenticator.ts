import {
  AnonymousAuthenticator,
  AuthenticatorChain,
  CachedTokenAuthenticator,
  CertificateAuthorities,
  CertificateVerifier,
  ClientCertificateAuthenticator,
  RequestHeaderAuthenticator,
  TokenWebhook,
} from '@keelson/auth';
import type { ClusterAuthentication } from '@keelson/controllers';
import {
  type AuthenticationOutcome,
  type AuthenticationRequest,
  type Authenticator,
  type Log,
  type RemoteAccess,
  RemoteServer,
  type TokenAuthenticator,
} from '@keelson/machinery';
import { serverAt } from './server-at.js';

/** How long it may go unseen that a token is no longer good; Kubernetes' default for extension servers. */
const TOKEN_TTL_MS = 10_000;

/**
 * Knows users as the cluster does: by the aggregator's word, by certificates of the cluster's authorities, and by tokens,
 * of which the cluster is asked. Whoever shows nothing is anonymous: authorization decides.
 */
export class DelegatedAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;
  #chain: AuthenticatorChain;

  constructor(access: RemoteAccess, log: Log) {
    const server = new RemoteServer(serverAt(access, '/apis/authentication.k8s.io/v1/tokenreviews'));
    const webhook = new TokenWebhook({ server, version: 'v1', apiAudiences: [], log });
    this.#tokens = new CachedTokenAuthenticator(webhook, { successTtlMs: TOKEN_TTL_MS, unknownTtlMs: TOKEN_TTL_MS });
    this.#chain = this.#chainOf({});
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    return this.#chain.authenticate(request);
  }

  /** From now on; throws when there is no certificate in what should have one. */
  trust(published: ClusterAuthentication): void {
    this.#chain = this.#chainOf(published);
  }

  #chainOf({ clientAuthorities, frontProxy }: ClusterAuthentication): AuthenticatorChain {
    const requests: Authenticator[] = [];
    if (frontProxy !== undefined) {
      const { usernameHeaders: username, uidHeaders: uid, groupHeaders: group, extraHeaderPrefixes: extraPrefixes } = frontProxy;
      const names = { username, uid, group, extraPrefixes };
      requests.push(new RequestHeaderAuthenticator(verifier(frontProxy.authorities), frontProxy.allowedNames, names));
    }
    if (clientAuthorities !== undefined) requests.push(new ClientCertificateAuthenticator(verifier(clientAuthorities)));
    return new AuthenticatorChain({ requests, tokens: [this.#tokens], anonymous: new AnonymousAuthenticator() });
  }
}

function verifier(authorities: string): CertificateVerifier {
  return new CertificateVerifier(new CertificateAuthorities(authorities));
}
