import type { Reviewers } from '@keelson/api';
import type { TokenAuthenticator } from '@keelson/machinery';
import type { Authorization } from './build-authorization.js';

/** What answers TokenReviews and access reviews: the same that decides on requests. */
export function buildReviewers(tokens: readonly TokenAuthenticator[], { authorizer, rbac, rulesFor }: Authorization): Reviewers {
  return {
    tokenReviewer: {
      async reviewToken(token) {
        for (const authenticator of tokens) {
          const result = await authenticator.authenticateToken(token);
          if (result !== undefined) return result;
        }
        return undefined;
      },
    },
    authorizer,
    subjectRules: { rulesFor },
    ...(rbac && { grantedRules: rbac.authorizer }),
  };
}
