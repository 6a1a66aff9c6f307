import type { UserInfo } from './authenticator.js';
import type { AuthorizationAttributes, Authorizer } from './authorizer.js';
import type { Log } from './log.js';

/** What one may do in the name of signers of certificates: approve, sign, attest. */
export class SignerAccess {
  readonly #authorizer: Authorizer;
  readonly #log: Log;

  constructor(authorizer: Authorizer, log: Log) {
    this.#authorizer = authorizer;
    this.#log = log;
  }

  /** Whether the user may for this signer, or for all signers of its domain. What cannot be found out is not allowed. */
  async allows(user: UserInfo, verb: string, signer: string): Promise<boolean> {
    const [domain = ''] = signer.split('/');
    return (await this.#allows(user, verb, signer)) || this.#allows(user, verb, `${domain}/*`);
  }

  async #allows(user: UserInfo, verb: string, name: string): Promise<boolean> {
    const { decision, error } = await this.#authorizer.authorize(signerAttributes(user, verb, name));
    if (error !== undefined) this.#log.info(3, 'cannot authorize the use of a signer', { verb, signer: name, error });
    return decision === 'allow';
  }
}

function signerAttributes(user: UserInfo, verb: string, name: string): AuthorizationAttributes {
  return {
    user,
    verb,
    resourceRequest: true,
    apiGroup: 'certificates.k8s.io',
    apiVersion: '*',
    resource: 'signers',
    subresource: '',
    namespace: '',
    name,
    path: '',
  };
}
