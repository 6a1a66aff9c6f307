import type { Rule, RulesOfKind } from '../../rule.js';

const at = 'spec.expirationSeconds';

function lifetimeRule(rule: string, accepted: number, refused: number, detail: string): Rule {
  const error = `${at}: Invalid value: ${refused}: ${detail}`;
  return {
    rule,
    on: 'create/token',
    accepted: { [at]: accepted },
    refused: { [at]: refused },
    errors: [error],
    // Requests for tokens have no name.
    refusal: { code: 422, reason: 'Invalid', message: `TokenRequest.authentication.k8s.io "" is invalid: ${error}` },
  };
}

export const serviceAccountTokens: RulesOfKind = {
  collection: '/api/v1/namespaces/default/serviceaccounts',
  kind: 'TokenRequest.authentication.k8s.io',
  example: {},
  rules: [
    lifetimeRule('a token is good for ten minutes', 600, 599, 'may not specify a duration less than 10 minutes'),
    lifetimeRule('a token is good for 2^32 seconds at most', 2 ** 32, 2 ** 32 + 1, 'may not specify a duration larger than 2^32 seconds'),
  ],
};
