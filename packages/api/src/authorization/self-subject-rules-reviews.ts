import { badRequest, type UserInfo } from '@keelson/machinery';
import { authorization } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';

type RulesReview = authorization.v1.SelfSubjectRulesReview;

/** What a user may do in a namespace, as far as it can be listed. */
export interface SubjectRules {
  readonly resourceRules: readonly authorization.v1.ResourceRule[];
  readonly nonResourceRules: readonly authorization.v1.NonResourceRule[];
  /** Not everything that decides can list what it allows. */
  readonly incomplete: boolean;
  /** What went wrong on the way; the rules are then what is known nevertheless. */
  readonly evaluationError?: string;
}

export interface SubjectRulesResolver {
  rulesFor(user: UserInfo, namespace: string): Promise<SubjectRules>;
}

/** The answer is not checked against each request, so clients use it to shape what they offer, never to decide. */
export function createSelfSubjectRulesReviews(resolver: SubjectRulesResolver): Resource {
  return defineResource<RulesReview>(authorization.v1.SelfSubjectRulesReview, {
    names: { plural: 'selfsubjectrulesreviews' },
    scope: 'Cluster',
    storage: { key: 'selfsubjectrulesreviews' },
    versions: [
      removedVersion(authorization.v1beta1.SelfSubjectRulesReview, {
        deprecated: '1.19',
        removed: '1.22',
        use: authorization.v1.SelfSubjectRulesReview,
      }),
    ],
    verbs: ['create'],
    async review({ spec }, { user }) {
      if (!spec.namespace) throw badRequest('no namespace on request');
      const { resourceRules, nonResourceRules, incomplete, evaluationError } = await resolver.rulesFor(user, spec.namespace);
      return {
        metadata: {},
        spec: {},
        status: {
          resourceRules: [...resourceRules],
          nonResourceRules: [...nonResourceRules],
          incomplete,
          ...(evaluationError && { evaluationError }),
        },
      };
    },
  });
}
