import { readFileSync } from 'node:fs';
import {
  type AnonymousConfiguration,
  AuthenticationConfigurationFile,
  JwtAuthenticator,
  type JwtAuthenticatorConfiguration,
  JwtAuthenticators,
  validateAuthenticationConfiguration,
} from '@keelson/auth';
import { aggregate, type Egress, type Features } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import { signatureAlgorithms } from '../../flags/signature-algorithms.js';
import type { AuthenticationOptions, OidcOptions } from '../options.js';

/** Who knows ID tokens, by flags or by a configuration file that is followed. */
export interface JwtAuthentication {
  readonly tokens: JwtAuthenticators;
  /** What the file says of requests without credentials, if it says something. */
  readonly anonymous?: AnonymousConfiguration | undefined;
  start(): void;
  close(): void;
}

export interface JwtAuthenticationParts {
  readonly metrics: Instruments['authentication'];
  /** Undefined: there is no egress configuration. */
  readonly egress: Egress | undefined;
  readonly features: Features;
  readonly log: Log;
}

/** Undefined where neither is given. Throws when what is given is of no use; an issuer that does not answer is waited for later. */
export function openJwtAuthentication(
  { configurationFile, oidc, anonymousGiven, serviceAccount }: AuthenticationOptions,
  { metrics, egress, features, log }: JwtAuthenticationParts,
): JwtAuthentication | undefined {
  const { onJwt } = metrics;
  if (oidc !== undefined) return fromFlags(oidc, serviceAccount.issuers, { onJwt, log });
  if (configurationFile === undefined) return undefined;
  const file = new AuthenticationConfigurationFile({
    file: configurationFile,
    algorithms: signatureAlgorithms,
    disallowedIssuers: serviceAccount.issuers,
    selectsEgress: features.get('StructuredAuthenticationConfigurationEgressSelector') === true,
    egress,
    log,
    onJwt,
    ...metrics.configuration,
  });
  if (file.anonymous !== undefined && anonymousGiven) {
    file.close();
    throw new FlagError(
      'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
    );
  }
  return file;
}

function fromFlags(
  oidc: OidcOptions,
  disallowedIssuers: readonly string[],
  { onJwt, log }: Pick<Instruments['authentication'], 'onJwt'> & { readonly log: Log },
): JwtAuthentication {
  const configuration = configurationOf(oidc);
  const errors = validateAuthenticationConfiguration({ jwt: [configuration] }, { disallowedIssuers, selectsEgress: false });
  if (errors.length > 0) throw new FlagError(`invalid authentication configuration: ${aggregate(errors.map(String))}`);
  const authenticator = new JwtAuthenticator(configuration, { algorithms: oidc.signingAlgorithms, log });
  const tokens = new JwtAuthenticators(onJwt);
  tokens.use([authenticator]);
  return { tokens, start: () => undefined, close: () => authenticator.close() };
}

function configurationOf(oidc: OidcOptions): JwtAuthenticatorConfiguration {
  const { issuerUrl, clientId, caFile, usernameClaim, groupsClaim, groupsPrefix, requiredClaims } = oidc;
  return {
    issuer: {
      url: issuerUrl,
      audiences: [clientId],
      ...(caFile !== undefined && { certificateAuthority: readFileSync(caFile, 'utf8') }),
    },
    claimMappings: {
      username: { claim: usernameClaim, prefix: usernamePrefixOf(oidc) },
      ...(groupsClaim !== undefined && { groups: { claim: groupsClaim, prefix: groupsPrefix } }),
    },
    claimValidationRules: [...requiredClaims].map(([claim, requiredValue]) => ({ claim, requiredValue })),
  };
}

/** Names of several providers must not clash; addresses do not. */
function usernamePrefixOf({ issuerUrl, usernameClaim, usernamePrefix }: OidcOptions): string {
  if (usernamePrefix === '-') return '';
  return usernamePrefix === '' && usernameClaim !== 'email' ? `${issuerUrl}#` : usernamePrefix;
}
