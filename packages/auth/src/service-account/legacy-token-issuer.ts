import type { TokenReference } from '@keelson/machinery';
import { accountUserName } from './account-user.js';
import type { ClaimsSigner } from './token-signer.js';

export const legacyIssuer = 'kubernetes/serviceaccount';
/** Starts the names of the claims of such tokens. */
export const legacyClaimPrefix = 'kubernetes.io/serviceaccount/';

/** Issues the tokens that are kept in secrets: good as long as the secret is there. */
export class LegacyTokenIssuer {
  readonly #signer: ClaimsSigner;

  constructor(signer: ClaimsSigner) {
    this.#signer = signer;
  }

  issue(namespace: string, account: TokenReference, secretName: string): Promise<string> {
    return this.#signer.sign({
      iss: legacyIssuer,
      [`${legacyClaimPrefix}namespace`]: namespace,
      [`${legacyClaimPrefix}secret.name`]: secretName,
      [`${legacyClaimPrefix}service-account.name`]: account.name,
      [`${legacyClaimPrefix}service-account.uid`]: account.uid,
      sub: accountUserName(namespace, account.name),
    });
  }
}
