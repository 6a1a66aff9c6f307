import { quote } from '@keelson/machinery';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import { resolveFeatureGates } from '../../flags/feature-gates.js';
import type { ServiceAccountOptions } from '../options.js';
import type { Report } from './report.js';
import { given } from './report.js';

const hourMs = 3_600_000;
const longestMs = 2 ** 32 * 1000;

export function serviceAccountOptions(flags: ApiServerFlagValues, report: Report): ServiceAccountOptions {
  checkIssuers(flags['service-account-issuer'], report);
  if (flags['service-account-signing-endpoint'] === '') checkFiles(flags, report);
  else checkEndpoint(flags, report);
  checkKeySetUri(flags['service-account-jwks-uri'], report);
  const maxMs = flags['service-account-max-token-expiration'];
  if (maxMs !== 0 && (maxMs < hourMs || maxMs > longestMs)) {
    report('the service-account-max-token-expiration must be between 1 hour and 2^32 seconds');
  }
  return {
    issuers: flags['service-account-issuer'],
    keyFiles: flags['service-account-key-file'],
    signingKeyFile: given(flags['service-account-signing-key-file']),
    signingEndpoint: given(flags['service-account-signing-endpoint']),
    jwksUri: given(flags['service-account-jwks-uri']),
    lookup: flags['service-account-lookup'],
    extendTokenExpiration: flags['service-account-extend-token-expiration'],
    maxTokenExpirationMs: maxMs,
  };
}

function checkIssuers(issuers: readonly string[], report: Report): void {
  if (issuers.includes('')) report('service-account-issuer should not be an empty string');
  if (new Set(issuers).size < issuers.length) report('--service-account-issuer has the same value more than once');
  const malformed = issuers.find((issuer) => issuer.includes(':') && !URL.canParse(issuer));
  if (malformed !== undefined) report(`service-account-issuer ${quote(malformed)} contained a ':' but was not a valid URL`);
}

/** A server that was meant to issue tokens must not start without being able to. */
function checkFiles(flags: ApiServerFlagValues, report: Report): void {
  const issues = flags['service-account-issuer'].length > 0;
  const signs = flags['service-account-signing-key-file'] !== '';
  if ((issues || signs || flags['api-audiences'].length > 0) && !(issues && signs)) {
    report('--service-account-signing-key-file, --service-account-issuer, and --api-audiences should be specified together');
  }
  if (signs && flags['service-account-key-file'].length === 0) {
    report('either `--service-account-key-file` or `--service-account-signing-endpoint` must be set');
  }
}

const abstractSocket = /^@([a-zA-Z0-9_-]+\.)*[a-zA-Z0-9_-]+$/;

function checkEndpoint(flags: ApiServerFlagValues, report: Report): void {
  const endpoint = flags['service-account-signing-endpoint'];
  if (flags['service-account-issuer'].length === 0) report('service-account-issuer is a required flag');
  if (flags['service-account-signing-key-file'] !== '' || flags['service-account-key-file'].length > 0)
    report(
      "can't set `--service-account-signing-key-file` and/or `--service-account-key-file` with `--service-account-signing-endpoint` (They are mutually exclusive)",
    );
  if (resolveFeatureGates(flags['feature-gates']).get('ExternalServiceAccountTokenSigner') !== true)
    report('setting `--service-account-signing-endpoint` requires enabling ExternalServiceAccountTokenSigner feature gate');
  if (endpoint.startsWith('@') && !abstractSocket.test(endpoint))
    report(
      `invalid value ${quote(endpoint)} passed for \`--service-account-signing-endpoint\`, when prefixed with @ must be a valid abstract socket name`,
    );
}

function checkKeySetUri(uri: string, report: Report): void {
  if (uri === '') return;
  if (!URL.canParse(uri)) report('service-account-jwks-uri must be a valid URL');
  else if (new URL(uri).protocol !== 'https:') report(`service-account-jwks-uri requires https scheme, parsed as: ${uri}`);
}
