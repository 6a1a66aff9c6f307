import { type Expression, selectsField } from '@keelson/cel';
import { duplicate, type FieldError, type FieldPath, invalidField, required, validateDomainPrefixedPath } from '@keelson/machinery';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { compileClaimRule, compileMapping, compileUserRule } from './expressions.js';

type ClaimMappings = NonNullable<JwtAuthenticatorConfiguration['claimMappings']>;
type Rules = NonNullable<JwtAuthenticatorConfiguration['claimValidationRules']>;
type UserRules = NonNullable<JwtAuthenticatorConfiguration['userValidationRules']>;

const unverifiedEmail =
  'claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression';

/** What is wrong with how a user is found in claims, and with what claims and users must be like. */
export function validateClaims(configuration: JwtAuthenticatorConfiguration, at: FieldPath): FieldError[] {
  const { claimValidationRules = [], claimMappings = {}, userValidationRules = [] } = configuration;
  return [
    ...validateClaimRules(claimValidationRules, at.child('claimValidationRules')),
    ...validateMappings(claimMappings, at.child('claimMappings')),
    ...validateVerification(configuration, at.child('claimMappings')),
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
    return [...wanted, ...validateExpression(seen.expressions, expression, here.child('expression'), compileClaimRule)];
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
    ...(expression !== '' && !bothUids ? validateExpression(new Set(), expression, uidAt.child('expression'), compileMapping) : []),
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
    return [...prefixed, ...validateExpression(new Set(), expression, at.child('expression'), compileMapping)];
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
    return [...errors, ...validateExpression(new Set(), valueExpression, valueAt, compileMapping)];
  });
}

function isReserved(key: string): boolean {
  return /^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key);
}

function validateUserRules(rules: UserRules, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return rules.flatMap(({ expression = '' }, i) => {
    const here = at.index(i).child('expression');
    return expression === '' ? [required(here)] : validateExpression(seen, expression, here, compileUserRule);
  });
}

export function repeated(seen: Set<string>, value: string, at: FieldPath): FieldError[] {
  if (seen.has(value)) return [duplicate(at, value)];
  seen.add(value);
  return [];
}

function validateExpression(seen: Set<string>, expression: string, at: FieldPath, compile: (text: string) => Expression): FieldError[] {
  const again = repeated(seen, expression, at);
  if (again.length > 0) return again;
  const { problem } = compile(expression);
  return problem === undefined ? [] : [invalidField(at, expression, problem)];
}

/** Everybody can say that an address is theirs: an expression that takes it for a name must see to it that it is verified. */
function validateVerification(
  { claimMappings = {}, claimValidationRules = [] }: JwtAuthenticatorConfiguration,
  at: FieldPath,
): FieldError[] {
  const { username, extra = [] } = claimMappings;
  const looksAt = (text: string | undefined, compile: (text: string) => Expression, claim: string): boolean => {
    const { program } = text ? compile(text) : {};
    return program !== undefined && selectsField(program, 'claims', claim);
  };
  const name = username?.claim ? undefined : username?.expression;
  if (!looksAt(name, compileMapping, 'email')) return [];
  const verifies =
    looksAt(name, compileMapping, 'email_verified') ||
    extra.some(({ valueExpression }) => looksAt(valueExpression, compileMapping, 'email_verified')) ||
    claimValidationRules.some(({ expression }) => looksAt(expression, compileClaimRule, 'email_verified'));
  return verifies ? [] : [invalidField(at.child('username', 'expression'), name, unverifiedEmail)];
}
