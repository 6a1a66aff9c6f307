import { duplicate, type FieldError, type FieldPath, GoUrl, invalidField, pemCertificates, required, UrlError } from '@keelson/machinery';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';

type IssuerConfiguration = NonNullable<JwtAuthenticatorConfiguration['issuer']>;

/** What issuers may say here. */
export interface IssuerRules {
  /** Issuers whose tokens are known in another way: those of service accounts. */
  readonly disallowedIssuers: readonly string[];
  /** Whether they may say by which way they are reached. */
  readonly selectsEgress: boolean;
}

export function validateIssuer(
  issuer: IssuerConfiguration,
  { disallowedIssuers: disallowed, selectsEgress }: IssuerRules,
  at: FieldPath,
): FieldError[] {
  const { url = '', discoveryURL = '', certificateAuthority = '', egressSelectorType = '' } = issuer;
  return [
    ...(url === '' ? [required(at.child('url'))] : validateUrl(url, disallowed, at.child('url'))),
    ...(discoveryURL === '' ? [] : validateDiscoveryUrl(url, discoveryURL, at.child('discoveryURL'))),
    ...validateAudiences(issuer, at),
    ...validateAuthority(certificateAuthority, at.child('certificateAuthority')),
    ...validateEgress(egressSelectorType, selectsEgress, at.child('egressSelectorType')),
  ];
}

function validateDiscoveryUrl(url: string, discoveryUrl: string, at: FieldPath): FieldError[] {
  const bare = (text: string) => text.replace(/\/+$/, '');
  const isSame = url !== '' && bare(url) === bare(discoveryUrl);
  return [
    ...(isSame ? [invalidField(at, discoveryUrl, 'discoveryURL must be different from URL')] : []),
    ...validateUrl(discoveryUrl, [], at),
  ];
}

function validateUrl(url: string, disallowed: readonly string[], at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push(invalidField(at, url, detail));
  if (disallowed.includes(url)) wrong(`URL must not overlap with disallowed issuers: [${[...disallowed].sort().join(' ')}]`);
  const parsed = GoUrl.parse(url);
  if (parsed instanceof UrlError) {
    wrong(parsed.message);
    return errors;
  }
  const { scheme, user, query, fragment } = parsed;
  if (scheme !== 'https') wrong('URL scheme must be https');
  if (user !== undefined) wrong('URL must not contain a username or password');
  if (query !== '') wrong('URL must not contain a query');
  if (fragment !== '') wrong('URL must not contain a fragment');
  return errors;
}

function validateAudiences({ audiences = [], audienceMatchPolicy = '' }: IssuerConfiguration, issuerAt: FieldPath): FieldError[] {
  const at = issuerAt.child('audiences');
  if (audiences.length === 0) return [required(at, `at least one ${at} is required`)];
  const errors = audiences.flatMap((audience, i) => [
    ...(audience === '' ? [required(at.index(i))] : []),
    ...(audiences.indexOf(audience) < i ? [duplicate(at.index(i), audience)] : []),
  ]);
  const isAny = audienceMatchPolicy === 'MatchAny';
  const policyAt = issuerAt.child('audienceMatchPolicy');
  if (audiences.length > 1 && !isAny)
    errors.push(invalidField(policyAt, audienceMatchPolicy, 'audienceMatchPolicy must be MatchAny for multiple audiences'));
  if (audiences.length === 1 && audienceMatchPolicy !== '' && !isAny)
    errors.push(invalidField(policyAt, audienceMatchPolicy, 'audienceMatchPolicy must be empty or MatchAny for single audience'));
  return errors;
}

function validateAuthority(pem: string, at: FieldPath): FieldError[] {
  try {
    if (pem !== '') pemCertificates(pem);
    return [];
  } catch (error) {
    return [invalidField(at, '<omitted>', error instanceof Error ? error.message : String(error))];
  }
}

const egressOff = 'egress selector is not supported when StructuredAuthenticationConfigurationEgressSelector feature gate is disabled';

function validateEgress(type: string, isOn: boolean, at: FieldPath): FieldError[] {
  if (type === '') return [];
  const isKnown = type === 'controlplane' || type === 'cluster';
  return [
    ...(isOn ? [] : [invalidField(at, type, egressOff)]),
    ...(isKnown ? [] : [invalidField(at, type, 'egress selector must be either controlplane or cluster')]),
  ];
}
