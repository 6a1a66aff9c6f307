import { quote } from '@keelson/machinery';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import { resolveFeatureGates } from '../../flags/feature-gates.js';
import { signatureAlgorithms } from '../../flags/signature-algorithms.js';
import type { AuthenticationOptions, OidcOptions, RequestHeaderOptions, TokenWebhookOptions } from '../options.js';
import type { Report } from './report.js';
import { given } from './report.js';
import { serviceAccountOptions } from './service-accounts.js';

/** `alwaysAllow`: every authenticated request is allowed, so requests without credentials must not be served at all. */
export function authenticationOptions(
  flags: ApiServerFlagValues,
  givenFlags: ReadonlySet<string>,
  alwaysAllow: boolean,
  report: Report,
): AuthenticationOptions {
  return {
    anonymous: flags['anonymous-auth'] && !alwaysAllow,
    anonymousGiven: givenFlags.has('anonymous-auth'),
    configurationFile: given(flags['authentication-config']),
    oidc: oidcOptions(flags, givenFlags, report),
    clientCaFile: given(flags['client-ca-file']),
    tokenAuthFile: given(flags['token-auth-file']),
    basicAuthFile: given(flags['basic-auth-file']),
    bootstrapTokens: flags['enable-bootstrap-token-auth'],
    requestHeader: requestHeaderOptions(flags, report),
    tokenWebhook: tokenWebhookOptions(flags, report),
    serviceAccount: serviceAccountOptions(flags, report),
    apiAudiences: flags['api-audiences'].length > 0 ? flags['api-audiences'] : flags['service-account-issuer'],
  };
}

function oidcOptions(flags: ApiServerFlagValues, givenFlags: ReadonlySet<string>, report: Report): OidcOptions | undefined {
  const issuerUrl = flags['oidc-issuer-url'];
  const clientId = flags['oidc-client-id'];
  const isGiven = [...givenFlags].some((name) => name.startsWith('oidc-'));
  if (isGiven && flags['authentication-config'] !== '') report('authentication-config file and oidc-* flags are mutually exclusive');
  else if (isGiven && (issuerUrl === '' || clientId === ''))
    report('oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set');
  const signingAlgorithms = flags['oidc-signing-algs'];
  const unknown = signingAlgorithms.find((algorithm) => !signatureAlgorithms.includes(algorithm));
  if (unknown !== undefined) report(`oidc: unsupported signing alg: ${JSON.stringify(unknown)}`);
  const options = {
    issuerUrl,
    clientId,
    caFile: given(flags['oidc-ca-file']),
    usernameClaim: flags['oidc-username-claim'],
    usernamePrefix: flags['oidc-username-prefix'],
    groupsClaim: given(flags['oidc-groups-claim']),
    groupsPrefix: flags['oidc-groups-prefix'],
    signingAlgorithms,
    requiredClaims: flags['oidc-required-claim'],
  };
  return issuerUrl === '' || clientId === '' ? undefined : options;
}

function tokenWebhookOptions(flags: ApiServerFlagValues, report: Report): TokenWebhookOptions | undefined {
  const kubeconfigFile = flags['authentication-token-webhook-config-file'];
  const version = flags['authentication-token-webhook-version'];
  const cacheTtlMs = flags['authentication-token-webhook-cache-ttl'];
  if (kubeconfigFile === '') return undefined;
  if (version === 'v1' || version === 'v1beta1') return { kubeconfigFile, version, cacheTtlMs };
  report(`unsupported authentication webhook version ${quote(version)}, supported versions are "v1", "v1beta1"`);
  return undefined;
}

const requestHeaderFlags = [
  'requestheader-username-headers',
  'requestheader-uid-headers',
  'requestheader-group-headers',
  'requestheader-extra-headers-prefix',
  'requestheader-allowed-names',
] as const;

function requestHeaderOptions(flags: ApiServerFlagValues, report: Report): RequestHeaderOptions | undefined {
  for (const flag of requestHeaderFlags)
    if (flags[flag].some((value) => value.trim() === '')) report(`empty value in ${JSON.stringify(flag)}`);
  const uidHeaders = flags['requestheader-uid-headers'];
  if (uidHeaders.length > 0 && !resolveFeatureGates(flags['feature-gates']).get('RemoteRequestHeaderUID')) {
    report('--requestheader-uid-headers requires the "RemoteRequestHeaderUID" feature to be enabled');
  } else if (uidHeaders.length > 0 && !uidHeaders.some((name) => name.toLowerCase() === 'x-remote-uid')) {
    report('--requestheader-uid-headers is set without specifying the standard X-Remote-Uid header - API aggregation will not work');
  }
  const clientCaFile = flags['requestheader-client-ca-file'];
  if (clientCaFile === '') return undefined;
  return {
    clientCaFile,
    allowedNames: flags['requestheader-allowed-names'],
    usernameHeaders: flags['requestheader-username-headers'],
    uidHeaders,
    groupHeaders: flags['requestheader-group-headers'],
    extraHeaderPrefixes: flags['requestheader-extra-headers-prefix'],
  };
}
