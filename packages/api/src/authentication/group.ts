import { type ApiGroup, defineGroup } from '@keelson/server';
import { selfSubjectReviews } from './self-subject-reviews.js';
import { createTokenReviews, type TokenReviewer } from './token-reviews.js';

export function authenticationGroup(reviewer: TokenReviewer): ApiGroup {
  return defineGroup({
    group: 'authentication.k8s.io',
    priority: 17700,
    versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
    resources: [selfSubjectReviews, createTokenReviews(reviewer)],
  });
}
