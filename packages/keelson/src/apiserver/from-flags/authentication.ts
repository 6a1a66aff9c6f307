import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuthenticationOptions, RequestHeaderOptions, ServiceAccountOptions } from '../options.js';
import type { Report } from './report.js';
import { given } from './report.js';

/** `alwaysAllow`: every authenticated request is allowed, so requests without credentials must not be served at all. */
export function authenticationOptions(flags: ApiServerFlagValues, alwaysAllow: boolean, report: Report): AuthenticationOptions {
  return {
    anonymous: flags['anonymous-auth'] && !alwaysAllow,
    clientCaFile: given(flags['client-ca-file']),
    tokenAuthFile: given(flags['token-auth-file']),
    bootstrapTokens: flags['enable-bootstrap-token-auth'],
    requestHeader: requestHeaderOptions(flags, report),
    serviceAccount: serviceAccountOptions(flags, report),
    apiAudiences: flags['api-audiences'].length > 0 ? flags['api-audiences'] : flags['service-account-issuer'],
  };
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
  if (uidHeaders.length > 0 && !uidHeaders.some((name) => name.toLowerCase() === 'x-remote-uid')) {
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

function serviceAccountOptions(flags: ApiServerFlagValues, report: Report): ServiceAccountOptions {
  const issuers = flags['service-account-issuer'];
  const keyFiles = flags['service-account-key-file'];
  if (issuers.includes('')) report('--service-account-issuer must not be an empty string');
  if (new Set(issuers).size < issuers.length) report('--service-account-issuer has the same value more than once');
  const malformed = issuers.find((issuer) => issuer.includes(':') && !URL.canParse(issuer));
  if (malformed !== undefined) report(`--service-account-issuer ${JSON.stringify(malformed)} contained a ':' but was not a valid URL`);
  if (flags['service-account-signing-key-file'] !== '' && keyFiles.length === 0) {
    report('--service-account-key-file must be specified with --service-account-signing-key-file');
  }
  return {
    issuers,
    keyFiles: keyFiles.length > 0 || flags['tls-private-key-file'] === '' ? keyFiles : [flags['tls-private-key-file']],
    signingKeyFile: given(flags['service-account-signing-key-file']),
    jwksUri: given(flags['service-account-jwks-uri']),
    lookup: flags['service-account-lookup'],
    extendTokenExpiration: flags['service-account-extend-token-expiration'],
    maxTokenExpirationMs: flags['service-account-max-token-expiration'],
  };
}
