import type { Reviewers } from '@keelson/api';
import { type Log, SignerAccess, type TokenAuthenticator } from '@keelson/machinery';
import type { Authorization } from './authorization.js';

/** What answers TokenReviews and access reviews: the same that decides on requests. */
export function buildReviewers(tokens: TokenAuthenticator, { authorizer, rbac, rulesFor }: Authorization, log: Log): Reviewers {
  return {
    tokenReviewer: { reviewToken: async (token, audiences) => tokens.authenticateToken(token, audiences) },
    authorizer,
    subjectRules: { rulesFor },
    grantedRules: rbac,
    signers: new SignerAccess(authorizer, log),
  };
}
