import type { ServiceAccountTokens } from '@keelson/api';
import {
  AccountTokenAuthenticator,
  BoundTokenIssuer,
  BoundTokenValidator,
  keySetPath,
  LegacyTokenValidator,
  legacyIssuer,
  type OpenIdDocuments,
  openIdConfigurationPath,
  openIdDocuments,
} from '@keelson/auth';
import { formatDurationMs, injectedTokenSeconds, type ObjectAccess, type TokenAuthenticator } from '@keelson/machinery';
import { type ApiServer, type Instruments, installOpenIdDocuments, type Log } from '@keelson/server';
import type { AuthenticationOptions } from '../options.js';
import type { ServiceAccountKeys } from './open-service-account-keys.js';

/** How long tokens that admission put into pods are good where they may be extended: a year. */
const extendedSeconds = 24 * 365 * 60 * 60;

/** How tokens are issued; undefined where they are not. */
export function serviceAccountTokens(
  { serviceAccount, apiAudiences }: AuthenticationOptions,
  { signer, maxTokenSeconds }: ServiceAccountKeys,
  log: Log,
): ServiceAccountTokens | undefined {
  const { issuers, extendTokenExpiration, maxTokenExpirationMs } = serviceAccount;
  const [issuer] = issuers;
  if (signer === undefined || issuer === undefined) {
    log.warn('no tokens of service accounts are issued: --service-account-issuer and --service-account-signing-key-file are not given');
    return undefined;
  }
  const maxSeconds = Math.floor(maxTokenExpirationMs / 1000) || maxTokenSeconds;
  if (maxSeconds !== undefined && extendTokenExpiration) warnOfExtension(maxSeconds, maxTokenSeconds !== undefined, log);
  return {
    issuer: new BoundTokenIssuer(issuer, signer),
    audiences: apiAudiences,
    ...(maxSeconds !== undefined && { maxExpirationSeconds: maxSeconds }),
    ...(extendTokenExpiration && { extendedExpirationSeconds: Math.min(extendedSeconds, maxTokenSeconds ?? extendedSeconds) }),
  };
}

/** Whoever limits lives should know what that does to tokens in pods. `bySigner`: it is the signer that limits them. */
function warnOfExtension(maxSeconds: number, bySigner: boolean, log: Log): void {
  const extending = 'service-account-extend-token-expiration is true,';
  const max = formatDurationMs(maxSeconds * 1000);
  if (maxSeconds < injectedTokenSeconds) {
    const what = bySigner ? 'token lifetime supported by external-jwt-signer must be' : 'service-account-max-token-expiration must be set';
    log.warn(
      `${extending} in order to correctly trigger safe transition logic, ${what} longer than ${injectedTokenSeconds} seconds (currently ${max})`,
    );
  }
  if (maxSeconds >= extendedSeconds) return;
  const end = bySigner
    ? `tokens validity will be caped at the smaller of ${extendedSeconds} seconds and maximum token lifetime supported by external-jwt-signer (${max})`
    : `enabling tokens valid up to ${extendedSeconds} seconds, which is longer than service-account-max-token-expiration set to ${max}`;
  log.warn(`${extending} ${end}`);
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
  const { verification } = keys;
  const read = () => openIdDocuments({ issuer, keySetUri: jwksUri, externalAddress: address, keys: verification });
  try {
    let texts = textsOf(read());
    const documents = [
      { path: openIdConfigurationPath, contentType: 'application/json', text: () => texts.configuration },
      { path: keySetPath, contentType: 'application/jwk-set+json', text: () => texts.keySet },
    ];
    installOpenIdDocuments(paths, documents, () => verification.maxAgeSeconds);
    verification.onChange(() => {
      try {
        texts = textsOf(read());
      } catch (error) {
        log.error('the documents of the service account issuer stay as they were', { reason: (error as Error).message });
      }
    });
  } catch (error) {
    // Kubernetes serves clusters whose issuer is none that others can use, too.
    log.error('the documents of the service account issuer are not served', { reason: (error as Error).message });
  }
}

const textsOf = ({ configuration, keySet }: OpenIdDocuments) => ({
  configuration: JSON.stringify(configuration),
  keySet: JSON.stringify(keySet),
});
