import { type AuthenticationResult, badRequest, type UserInfo } from '@keelson/machinery';
import { authentication } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { shownUser } from './shown-user.js';

type TokenReview = authentication.v1.TokenReview;
type TokenReviewStatus = authentication.v1.TokenReviewStatus;

/** Tells whose a token is. */
export interface TokenReviewer {
  /**
   * Undefined: nobody's. Throws when the token is bad; the client sees the message. `audiences` are those it must be
   * meant for one of; none: the API server itself.
   */
  reviewToken(token: string, audiences: readonly string[]): Promise<AuthenticationResult | undefined>;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function accepted(user: UserInfo, audiences: readonly string[] | undefined): TokenReviewStatus {
  return { authenticated: true, user: shownUser(user), ...(audiences?.length && { audiences: [...audiences] }) };
}

async function statusOf(
  reviewer: TokenReviewer,
  { token = '', audiences = [] }: authentication.v1.TokenReviewSpec,
): Promise<TokenReviewStatus> {
  try {
    const result = await reviewer.reviewToken(token, audiences);
    if (result !== undefined) return accepted(result.user, result.audiences);
    return { user: {}, error: 'invalid bearer token' };
  } catch (error) {
    // A bad token is this review's answer, not its failure.
    return { user: {}, error: messageOf(error) };
  }
}

export function createTokenReviews(reviewer: TokenReviewer): Resource {
  return defineResource<TokenReview>(authentication.v1.TokenReview, {
    names: { plural: 'tokenreviews' },
    scope: 'Cluster',
    storage: { key: 'tokenreviews' },
    versions: [
      removedVersion(authentication.v1beta1.TokenReview, { deprecated: '1.19', removed: '1.22', use: authentication.v1.TokenReview }),
    ],
    verbs: ['create'],
    async review(review) {
      if (!review.spec.token) throw badRequest('token is required for TokenReview in authentication');
      return { ...review, status: await statusOf(reviewer, review.spec) };
    },
  });
}
