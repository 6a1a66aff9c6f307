import { type FieldError, invalidField, path, tooMany } from '@keelson/machinery';
import type { AuthenticationConfiguration } from './authentication-configuration.js';
import { repeated, validateClaims } from './validate-claims.js';
import { type IssuerRules, validateIssuer } from './validate-issuer.js';

const MOST_AUTHENTICATORS = 64;

/** What is wrong with a configuration. */
export function validateAuthenticationConfiguration(
  { jwt = [], anonymous }: AuthenticationConfiguration,
  rules: IssuerRules,
): FieldError[] {
  const at = path('jwt');
  if (jwt.length > MOST_AUTHENTICATORS) return [tooMany(at, jwt.length, MOST_AUTHENTICATORS)];
  const seen = { urls: new Set<string>(), discoveryUrls: new Set<string>() };
  const errors = jwt.flatMap((one, i) => {
    const { url = '', discoveryURL = '' } = one.issuer ?? {};
    return [
      ...validateIssuer(one.issuer ?? {}, rules, at.index(i).child('issuer')),
      ...validateClaims(one, at.index(i)),
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
