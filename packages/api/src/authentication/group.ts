import { type ApiGroup, defineGroup } from '@keelson/server';
import { selfSubjectReviews } from './self-subject-reviews.js';
import { createTokenReviews, type TokenReviewer } from './token-reviews.js';

export function authenticationGroup(reviewer: TokenReviewer): ApiGroup {
  return defineGroup({
    group: 'authentication.k8s.io',
    priority: 17700,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
      { version: 'v1alpha1', priority: 1, enabledByDefault: false, removed: true },
    ],
    resources: [selfSubjectReviews, createTokenReviews(reviewer)],
  });
}
