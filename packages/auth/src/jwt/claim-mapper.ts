import { type Bindings, type CelValue, claimsValue, elements, isList, mappedUserValue } from '@keelson/cel';
import { quote, type UserInfo } from '@keelson/machinery';
import { credentialIdKey } from '../authentication/well-known.js';
import { explaining } from '../explaining.js';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { flagClaim, textClaim, textsClaim } from './claim-values.js';
import { type ConfiguredExpression, configured, evaluated } from './configured-expression.js';
import { credentialIdOf } from './credential-id.js';
import { compileClaimRule, compileMapping, compileUserRule } from './expressions.js';
import type { Claims } from './unverified.js';
import { ValidationRules } from './validation-rules.js';

type Mappings = NonNullable<JwtAuthenticatorConfiguration['claimMappings']>;

/** Finds the user in the claims of a token, as a valid configuration says. */
export class ClaimMapper {
  readonly #mappings: Mappings;
  readonly #username: ConfiguredExpression | undefined;
  readonly #groups: ConfiguredExpression | undefined;
  readonly #uid: ConfiguredExpression | undefined;
  readonly #extra: readonly (readonly [key: string, expression: ConfiguredExpression])[];
  readonly #requiredClaims: readonly (readonly [claim: string, value: string])[];
  readonly #claimRules: ValidationRules;
  readonly #userRules: ValidationRules;

  constructor({ claimMappings = {}, claimValidationRules = [], userValidationRules = [] }: JwtAuthenticatorConfiguration) {
    this.#mappings = claimMappings;
    this.#username = configured(claimMappings.username?.expression, compileMapping);
    this.#groups = configured(claimMappings.groups?.expression, compileMapping);
    this.#uid = configured(claimMappings.uid?.expression, compileMapping);
    this.#extra = (claimMappings.extra ?? []).flatMap(({ key = '', valueExpression }) => {
      const expression = configured(valueExpression, compileMapping);
      return expression === undefined ? [] : [[key, expression] as const];
    });
    this.#requiredClaims = claimValidationRules.flatMap(({ claim = '', requiredValue = '' }) =>
      claim === '' ? [] : [[claim, requiredValue] as const],
    );
    this.#claimRules = new ValidationRules(claimValidationRules, compileClaimRule);
    this.#userRules = new ValidationRules(userValidationRules, compileUserRule);
  }

  /** Throws when the claims say nothing of a user, or something that is not accepted. */
  userOf(claims: Claims): UserInfo {
    const bindings = { claims: claimsValue(claims) };
    const name = this.#nameOf(claims, bindings);
    const groups = this.#groupsOf(claims, bindings);
    const uid = this.#uidOf(claims, bindings);
    const extra = this.#extraOf(claims, bindings);
    const user = { name, ...(uid !== '' && { uid }), groups, ...(extra.size > 0 && { extra: Object.fromEntries(extra) }) };
    this.#checkRequired(claims);
    explaining('oidc: error evaluating claim validation expression', () => this.#claimRules.check(bindings));
    if (!this.#userRules.isEmpty)
      explaining('oidc: error evaluating user info validation rule', () => this.#userRules.check({ user: mappedUserValue(user) }));
    return user;
  }

  #nameOf(claims: Claims, bindings: Bindings): string {
    if (this.#username) {
      const name = textOf(this.#username, bindings, 'username');
      if (name === '') throw new Error('oidc: empty username via CEL expression is not allowed');
      return name;
    }
    const { claim = '', prefix = '' } = this.#mappings.username ?? {};
    const name = explaining(`oidc: parse username claims ${quote(claim)}`, () => textClaim(claims, claim));
    // Everybody can say that an address is theirs.
    if (claim === 'email' && Object.hasOwn(claims, 'email_verified')) {
      const isVerified = explaining("oidc: parse 'email_verified' claim", () => flagClaim(claims, 'email_verified'));
      if (!isVerified) throw new Error('oidc: email not verified');
    }
    return prefix + name;
  }

  #groupsOf(claims: Claims, bindings: Bindings): readonly string[] {
    const { claim = '', prefix = '' } = this.#mappings.groups ?? {};
    if (claim !== '' && Object.hasOwn(claims, claim)) {
      const groups = explaining(`oidc: parse groups claim ${quote(claim)}`, () => textsClaim(claims, claim));
      return groups.map((group) => prefix + group);
    }
    const expression = this.#groups;
    return expression ? explaining('oidc: error evaluating group claim expression', () => textsOf(evaluated(expression, bindings))) : [];
  }

  #uidOf(claims: Claims, bindings: Bindings): string {
    const { claim = '' } = this.#mappings.uid ?? {};
    if (claim !== '') return explaining(`oidc: parse uid claim ${quote(claim)}`, () => textClaim(claims, claim));
    return this.#uid ? textOf(this.#uid, bindings, 'uid') : '';
  }

  #extraOf(claims: Claims, bindings: Bindings): Map<string, readonly string[]> {
    const extra = new Map<string, readonly string[]>();
    const { jti } = claims;
    if (typeof jti === 'string' && jti !== '') extra.set(credentialIdKey, [credentialIdOf(jti)]);
    const values = this.#extra.map(([, expression]) => evaluated(expression, bindings));
    for (const [i, [key, { text }]] of this.#extra.entries()) {
      const texts = explaining(`oidc: error evaluating extra claim expression: ${text}`, () => textsOf(values[i] ?? null));
      if (texts.length > 0) extra.set(key, texts);
    }
    return extra;
  }

  #checkRequired(claims: Claims): void {
    for (const [claim, wanted] of this.#requiredClaims) {
      if (!Object.hasOwn(claims, claim)) throw new Error(`oidc: required claim ${claim} not present in ID token`);
      const value = explaining(`oidc: parse claim ${claim}`, () => textClaim(claims, claim));
      if (value !== wanted) throw new Error(`oidc: required claim ${claim} value does not match. Got = ${value}, want = ${wanted}`);
    }
  }
}

function textOf(expression: ConfiguredExpression, bindings: Bindings, what: string): string {
  return explaining(`oidc: error evaluating ${what} claim expression`, () => {
    const value = evaluated(expression, bindings);
    if (typeof value !== 'string') throw new Error(`${what} claim expression must return a string`);
    return value;
  });
}

/** A text or a list of texts, of which the empty ones count for nothing. */
function textsOf(value: CelValue): string[] {
  if (value === null) return [];
  const texts = typeof value === 'string' ? [value] : isList(value) ? [...elements(value)] : undefined;
  if (texts === undefined || texts.some((text) => typeof text !== 'string')) {
    throw new Error('expression must return a string or a list of strings');
  }
  return (texts as string[]).filter((text) => text !== '');
}
