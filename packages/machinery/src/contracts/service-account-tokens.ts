/** An object as a token names it: another one of its name is not meant. */
export interface TokenReference {
  readonly name: string;
  readonly uid: string;
}

/** What a token of a service account is to say. */
export interface ServiceAccountTokenGrant {
  readonly namespace: string;
  readonly account: TokenReference;
  readonly audiences: readonly string[];
  readonly lifetimeSeconds: number;
  /** After so long its use is noted as that of a token that should have been renewed. */
  readonly warnAfterSeconds?: number;
  /** The object with which the token dies, at most one; a pod's token may also name the pod's node. */
  readonly pod?: TokenReference;
  readonly secret?: TokenReference;
  readonly node?: TokenReference;
}

export interface IssuedToken {
  readonly token: string;
  /** What requests made with the token show as the credential they came with. */
  readonly credentialId: string;
}

/** Signs tokens of service accounts. */
export interface ServiceAccountTokenIssuer {
  issue(grant: ServiceAccountTokenGrant): Promise<IssuedToken>;
}

/**
 * Lifetime of the tokens that admission puts into pods. It is nobody else's, so that these tokens can be told from those
 * that somebody asked for, and may live longer for the sake of clients that do not renew them (KEP-1205).
 */
export const injectedTokenSeconds = 3607;
