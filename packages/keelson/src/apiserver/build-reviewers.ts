import type { Reviewers } from '@keelson/api';
import type { Authorizer, TokenAuthenticator } from '@keelson/machinery';

const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

/** What answers TokenReviews and access reviews: the same that decides on requests. */
export function buildReviewers(tokens: readonly TokenAuthenticator[], authorizer: Authorizer): Reviewers {
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
    // AlwaysAllow, the one mode there is, allows everything.
    subjectRules: { rulesFor: async () => EVERYTHING },
  };
}
