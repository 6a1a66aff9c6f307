import {
  type IssuedToken,
  newUid,
  type ServiceAccountTokenGrant,
  type ServiceAccountTokenIssuer,
  type TokenReference,
} from '@keelson/machinery';
import { credentialIdOf } from '../jwt/credential-id.js';
import { accountUserName } from './account-user.js';
import type { ClaimsSigner } from './token-signer.js';

/** Issues the tokens of KEP-1205: for certain audiences, for a limited time, bound to an object. */
export class BoundTokenIssuer implements ServiceAccountTokenIssuer {
  readonly #issuer: string;
  readonly #signer: ClaimsSigner;

  constructor(issuer: string, signer: ClaimsSigner) {
    this.#issuer = issuer;
    this.#signer = signer;
  }

  async issue(grant: ServiceAccountTokenGrant): Promise<IssuedToken> {
    const { namespace, account, audiences, lifetimeSeconds, warnAfterSeconds } = grant;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const id = newUid();
    const token = await this.#signer.sign({
      aud: audiences,
      exp: nowSeconds + lifetimeSeconds,
      iat: nowSeconds,
      iss: this.#issuer,
      jti: id,
      'kubernetes.io': {
        namespace,
        node: reference(grant.node),
        pod: reference(grant.pod),
        secret: reference(grant.secret),
        serviceaccount: reference(account),
        ...(warnAfterSeconds !== undefined && { warnafter: nowSeconds + warnAfterSeconds }),
      },
      nbf: nowSeconds,
      sub: accountUserName(namespace, account.name),
    });
    return { token, credentialId: credentialIdOf(id) };
  }
}

/** Of a node that is not there, only the name is known. */
function reference(to: TokenReference | undefined): object | undefined {
  return to && { name: to.name, ...(to.uid !== '' && { uid: to.uid }) };
}
