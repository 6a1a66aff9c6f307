import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuthenticationOptions, RequestHeaderOptions } from '../options.js';
import type { Report } from './report.js';
import { given } from './report.js';
import { serviceAccountOptions } from './service-accounts.js';

/** `alwaysAllow`: every authenticated request is allowed, so requests without credentials must not be served at all. */
export function authenticationOptions(flags: ApiServerFlagValues, alwaysAllow: boolean, report: Report): AuthenticationOptions {
  return {
    anonymous: flags['anonymous-auth'] && !alwaysAllow,
    clientCaFile: given(flags['client-ca-file']),
    tokenAuthFile: given(flags['token-auth-file']),
    basicAuthFile: given(flags['basic-auth-file']),
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
