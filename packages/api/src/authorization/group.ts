import type { Authorizer } from '@keelson/machinery';
import { type ApiGroup, defineGroup } from '@keelson/server';
import { createAccessReviews } from './access-reviews.js';
import { createSelfSubjectRulesReviews, type SubjectRulesResolver } from './self-subject-rules-reviews.js';

export interface AuthorizationGroupOptions {
  readonly authorizer: Authorizer;
  readonly subjectRules: SubjectRulesResolver;
}

export function authorizationGroup({ authorizer, subjectRules }: AuthorizationGroupOptions): ApiGroup {
  return defineGroup({
    group: 'authorization.k8s.io',
    priority: 17600,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
    ],
    resources: [...createAccessReviews(authorizer), createSelfSubjectRulesReviews(subjectRules)],
  });
}
