import type { AuthenticationResult, Json } from '@keelson/machinery';
import { authentication } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { expect, it } from 'vitest';
import { selfSubjectReviews } from './self-subject-reviews.js';
import { createTokenReviews } from './token-reviews.js';

const user = { name: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } };
const shown = { username: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } };
const context = { user, now: '2025-01-01T00:00:00Z' } as unknown as WriteContext;

async function review(spec: Json, answer: (audiences: readonly string[]) => AuthenticationResult | undefined): Promise<unknown> {
  const reviews = createTokenReviews({ reviewToken: async (_token, audiences) => answer(audiences) });
  const given = authentication.v1.TokenReview.codec.fromJson({ metadata: {}, spec });
  return (await reviews.definition.review?.(given, context)) ?? given;
}

it('tells whose a token is', async () => {
  const answer = await review({ token: 't', audiences: ['x'] }, (audiences) => ({ user, audiences }));
  expect(answer).toMatchObject({ spec: { token: 't' }, status: { authenticated: true, user: shown, audiences: ['x'] } });
});

it("tells that a token is nobody's, or bad", async () => {
  expect(await review({ token: 't' }, () => undefined)).toMatchObject({ status: { user: {}, error: 'invalid bearer token' } });
  const expired = () => {
    throw new Error('token has expired');
  };
  expect(await review({ token: 't' }, expired)).toMatchObject({ status: { user: {}, error: 'token has expired' } });
});

it('needs a token', async () => {
  await expect(review({}, () => undefined)).rejects.toMatchObject({
    code: 400,
    message: 'token is required for TokenReview in authentication',
  });
});

it('tells the sender who it is', async () => {
  expect(await selfSubjectReviews.definition.review?.({ metadata: { name: 'gone' } }, context)).toEqual({
    metadata: { creationTimestamp: '2025-01-01T00:00:00Z' },
    status: { userInfo: shown },
  });
});
