import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  path,
  required,
  tooMany,
  validateDomainPrefixedPath,
} from '@keelson/machinery';
import type { AuthenticationConfiguration, JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { validateIssuer } from './validate-issuer.js';

const MOST_AUTHENTICATORS = 64;

type ClaimMappings = NonNullable<JwtAuthenticatorConfiguration['claimMappings']>;
type Rules = NonNullable<JwtAuthenticatorConfiguration['claimValidationRules']>;
type UserRules = NonNullable<JwtAuthenticatorConfiguration['userValidationRules']>;

/** What is wrong with a configuration. `disallowedIssuers`: those of service account tokens, which are known in another way. */
export function validateAuthenticationConfiguration(
  { jwt = [], anonymous }: AuthenticationConfiguration,
  disallowedIssuers: readonly string[],
): FieldError[] {
  const at = path('jwt');
  if (jwt.length > MOST_AUTHENTICATORS) return [tooMany(at, jwt.length, MOST_AUTHENTICATORS)];
  const seen = { urls: new Set<string>(), discoveryUrls: new Set<string>() };
  const errors = jwt.flatMap((one, i) => {
    const { url = '', discoveryURL = '' } = one.issuer ?? {};
    return [
      ...validateJwtAuthenticator(one, disallowedIssuers, at.index(i)),
      ...repeated(seen.urls, url, at.index(i).child('issuer', 'url')),
      ...(discoveryURL === '' ? [] : repeated(seen.discoveryUrls, discoveryURL, at.index(i).child('issuer', 'discoveryURL'))),
    ];
  });
  const { enabled = false, conditions = [] } = anonymous ?? {};
  if (!enabled && conditions.length > 0) {
    const given = conditions.map((condition) => ({ Path: condition.path ?? '' }));
    errors.push(invalidField(path('anonymous', 'conditions'), given, 'enabled should be set to true when conditions are defined'));
  }
  return errors;
}

function validateJwtAuthenticator(
  { issuer = {}, claimValidationRules = [], claimMappings = {}, userValidationRules = [] }: JwtAuthenticatorConfiguration,
  disallowedIssuers: readonly string[],
  at: FieldPath,
): FieldError[] {
  return [
    ...validateIssuer(issuer, disallowedIssuers, at.child('issuer')),
    ...validateClaimRules(claimValidationRules, at.child('claimValidationRules')),
    ...validateMappings(claimMappings, at.child('claimMappings')),
    ...validateUserRules(userValidationRules, at.child('userValidationRules')),
  ];
}

function validateClaimRules(rules: Rules, at: FieldPath): FieldError[] {
  const seen = { claims: new Set<string>(), expressions: new Set<string>() };
  return rules.flatMap(({ claim = '', requiredValue = '', expression = '', message = '' }, i) => {
    const here = at.index(i);
    if (claim !== '' && expression !== '') return [invalidField(here, claim, "claim and expression can't both be set")];
    if (claim !== '') {
      const said = message === '' ? [] : [invalidField(here.child('message'), message, 'may not be specified when claim is set')];
      return [...said, ...repeated(seen.claims, claim, here.child('claim'))];
    }
    if (expression === '') return [required(here, 'claim or expression is required')];
    const value = here.child('requiredValue');
    const wanted = requiredValue === '' ? [] : [invalidField(value, requiredValue, 'may not be specified when expression is set')];
    return [...wanted, ...validateExpression(seen.expressions, expression, here.child('expression'))];
  });
}

function validateMappings({ username = {}, groups = {}, uid = {}, extra = [] }: ClaimMappings, at: FieldPath): FieldError[] {
  const { claim = '', expression = '' } = uid;
  const uidAt = at.child('uid');
  const bothUids = claim !== '' && expression !== '';
  return [
    ...validatePrefixedClaim(username, at.child('username'), true),
    ...validatePrefixedClaim(groups, at.child('groups'), false),
    ...(bothUids ? [invalidField(uidAt, '', "claim and expression can't both be set")] : []),
    ...(expression !== '' && !bothUids ? validateExpression(new Set(), expression, uidAt.child('expression')) : []),
    ...validateExtra(extra, at.child('extra')),
  ];
}

function validatePrefixedClaim(
  { claim = '', prefix, expression = '' }: NonNullable<ClaimMappings['username']>,
  at: FieldPath,
  isRequired: boolean,
): FieldError[] {
  if (expression !== '' && claim !== '') return [invalidField(at, '', "claim and expression can't both be set")];
  if (expression !== '') {
    const prefixAt = at.child('prefix');
    const prefixed = prefix === undefined ? [] : [invalidField(prefixAt, prefix, 'may not be specified when expression is set')];
    return [...prefixed, ...validateExpression(new Set(), expression, at.child('expression'))];
  }
  if (claim === '') return isRequired ? [required(at, 'claim or expression is required')] : [];
  const hint = 'prefix is required when claim is set. It can be set to an empty string to disable prefixing';
  return prefix === undefined ? [required(at.child('prefix'), hint)] : [];
}

function validateExtra(extra: NonNullable<ClaimMappings['extra']>, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return extra.flatMap(({ key = '', valueExpression = '' }, i) => {
    const keyAt = at.index(i).child('key');
    const errors = validateDomainPrefixedPath(key, keyAt);
    if (key !== key.toLowerCase()) errors.push(invalidField(keyAt, key, 'must be lowercase'));
    if (isReserved(key)) {
      errors.push(invalidField(keyAt, key, 'k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use'));
    }
    if (seen.has(key)) return [...errors, duplicate(keyAt, key)];
    seen.add(key);
    const valueAt = at.index(i).child('valueExpression');
    if (valueExpression === '') return [...errors, required(valueAt)];
    return [...errors, ...validateExpression(new Set(), valueExpression, valueAt)];
  });
}

function isReserved(key: string): boolean {
  return /^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key);
}

function validateUserRules(rules: UserRules, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return rules.flatMap(({ expression = '' }, i) => {
    const here = at.index(i).child('expression');
    return expression === '' ? [required(here)] : validateExpression(seen, expression, here);
  });
}

function repeated(seen: Set<string>, value: string, at: FieldPath): FieldError[] {
  if (seen.has(value)) return [duplicate(at, value)];
  seen.add(value);
  return [];
}

function validateExpression(seen: Set<string>, expression: string, at: FieldPath): FieldError[] {
  const again = repeated(seen, expression, at);
  return again.length > 0 ? again : [invalidField(at, expression, 'expressions are not supported')];
}
