import type { ServiceAccountTokens } from '@keelson/api';
import {
  AccountTokenAuthenticator,
  BoundTokenIssuer,
  BoundTokenValidator,
  keySetPath,
  LegacyTokenValidator,
  legacyIssuer,
  openIdConfigurationPath,
  openIdDocuments,
  TokenSigner,
  VerificationKeys,
} from '@keelson/auth';
import { injectedTokenSeconds, type ObjectAccess, type TokenAuthenticator } from '@keelson/machinery';
import { type ApiServer, type Instruments, installOpenIdDocuments, type Log } from '@keelson/server';
import { FlagError } from '../flags/flag-error.js';
import type { AuthenticationOptions } from './options.js';

/** How long tokens that admission put into pods are good where they may be extended: a year. */
const extendedSeconds = 24 * 365 * 60 * 60;

/** Keys that tokens of service accounts are signed and verified with. */
export interface ServiceAccountKeys {
  readonly signer: TokenSigner | undefined;
  readonly verification: VerificationKeys;
}

/** Reads the key files, which are read once, as Kubernetes does. A file that is of no use is the user's to repair. */
export function readServiceAccountKeys({ signingKeyFile, keyFiles }: AuthenticationOptions['serviceAccount']): ServiceAccountKeys {
  try {
    return {
      signer: signingKeyFile === undefined ? undefined : TokenSigner.fromFile(signingKeyFile),
      verification: VerificationKeys.fromFiles(keyFiles),
    };
  } catch (error) {
    throw new FlagError((error as Error).message, { cause: error });
  }
}

/** How tokens are issued; undefined where they are not. */
export function serviceAccountTokens(
  { serviceAccount, apiAudiences }: AuthenticationOptions,
  { signer }: ServiceAccountKeys,
  log: Log,
): ServiceAccountTokens | undefined {
  const { issuers, extendTokenExpiration, maxTokenExpirationMs } = serviceAccount;
  const [issuer] = issuers;
  if (signer === undefined || issuer === undefined) {
    log.warn('no tokens of service accounts are issued: --service-account-issuer and --service-account-signing-key-file are not given');
    return undefined;
  }
  const maxSeconds = Math.floor(maxTokenExpirationMs / 1000);
  if (maxSeconds > 0 && extendTokenExpiration) warnOfExtension(maxSeconds, log);
  return {
    issuer: new BoundTokenIssuer(issuer, signer),
    audiences: apiAudiences,
    ...(maxSeconds > 0 && { maxExpirationSeconds: maxSeconds }),
    ...(extendTokenExpiration && { extendedExpirationSeconds: extendedSeconds }),
  };
}

function warnOfExtension(maxSeconds: number, log: Log): void {
  const flags = { '--service-account-max-token-expiration': `${maxSeconds}s` };
  if (maxSeconds < injectedTokenSeconds)
    log.warn(`tokens in pods are not extended: they would have to be valid for ${injectedTokenSeconds} seconds`, flags);
  if (maxSeconds < extendedSeconds) log.warn(`tokens in pods are valid for up to ${extendedSeconds} seconds, longer than others`, flags);
}

/** What knows service accounts by their tokens, in upstream's order. */
export function accountTokenAuthenticators(
  { serviceAccount, apiAudiences }: AuthenticationOptions,
  { verification: keys }: ServiceAccountKeys,
  { objects, metrics, log }: { objects: ObjectAccess; metrics: Instruments['authentication']; log: Log },
): TokenAuthenticator[] {
  const { issuers, lookup } = serviceAccount;
  if (keys.all.length === 0) return [];
  const { onUse } = metrics.accountTokens;
  const common = { keys, apiAudiences, onUse };
  const legacy = new LegacyTokenValidator({ objects, lookup, log, onUse });
  return [
    new AccountTokenAuthenticator({ ...common, issuers: [legacyIssuer], validator: legacy }),
    new AccountTokenAuthenticator({ ...common, issuers, validator: new BoundTokenValidator(objects, onUse) }),
  ];
}

/** Serves what relying parties need, where the issuer is one that they can use. */
export function installOpenId(
  { paths }: ApiServer,
  options: AuthenticationOptions,
  keys: ServiceAccountKeys,
  address: string,
  log: Log,
): void {
  const { issuers, jwksUri } = options.serviceAccount;
  const [issuer] = issuers;
  if (issuer === undefined) return;
  try {
    const documents = openIdDocuments({ issuer, keySetUri: jwksUri, externalAddress: address, keys: keys.verification });
    installOpenIdDocuments(paths, [
      { path: openIdConfigurationPath, contentType: 'application/json', content: documents.configuration },
      { path: keySetPath, contentType: 'application/jwk-set+json', content: documents.keySet },
    ]);
  } catch (error) {
    // Kubernetes serves clusters whose issuer is none that others can use, too.
    log.error('the documents of the service account issuer are not served', { reason: (error as Error).message });
  }
}
