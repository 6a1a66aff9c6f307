import type { Authorizer, FieldError, KubeObject, UserInfo } from '@keelson/machinery';
import { authorization, type KindSchema } from '@keelson/schema';
import { defineResource, type Resource, type ResourceDefinition, type VersionDefinition, type WriteContext } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { betaSubjectReview } from './beta-subject-review.js';
import { evaluationErrorText } from './evaluation-error.js';
import { type ReviewedAccess, reviewAttributes } from './review-attributes.js';
import { requireValid, validateLocalReview, validateSelfReview, validateSubjectReview } from './reviews-validation.js';

type SubjectSpec = authorization.v1.SubjectAccessReviewSpec;
type ReviewStatus = authorization.v1.SubjectAccessReviewStatus;

/** Any of the reviews that ask whether somebody may do something. */
interface AccessReview extends KubeObject {
  spec: ReviewedAccess;
  status: ReviewStatus;
}

interface AccessReviewRules<T extends AccessReview> {
  readonly plural: string;
  readonly scope: ResourceDefinition<T>['scope'];
  readonly beta: VersionDefinition<T>;
  userOf(review: T, context: WriteContext): UserInfo;
  validate(review: T): FieldError[];
}

function subjectOf({ spec }: { readonly spec: SubjectSpec }): UserInfo {
  const { user = '', uid, groups = [], extra } = spec;
  return { name: user, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

async function decide(authorizer: Authorizer, user: UserInfo, spec: ReviewedAccess): Promise<ReviewStatus> {
  const attributes = reviewAttributes(user, spec);
  const { decision, reason, error } = await authorizer.authorize(attributes);
  const evaluationError = evaluationErrorText(error, attributes);
  return {
    allowed: decision === 'allow',
    ...(decision === 'deny' && { denied: true }),
    ...(reason && { reason }),
    ...(evaluationError && { evaluationError }),
  };
}

function defineReview<T extends AccessReview>(kind: KindSchema<T>, authorizer: Authorizer, rules: AccessReviewRules<T>): Resource {
  const { plural, scope, beta, userOf, validate } = rules;
  return defineResource<T>(kind, {
    names: { plural },
    scope,
    storage: { key: plural },
    versions: [beta],
    verbs: ['create'],
    async review(review, context) {
      requireValid(review, validate);
      return { ...review, status: await decide(authorizer, userOf(review, context), review.spec) };
    },
  });
}

const lifecycle = { deprecated: '1.19', removed: '1.22' };

/** The three reviews of access: of anybody, of anybody within a namespace, and of the sender. */
export function createAccessReviews(authorizer: Authorizer): Resource[] {
  return [
    defineReview(authorization.v1.LocalSubjectAccessReview, authorizer, {
      plural: 'localsubjectaccessreviews',
      scope: 'Namespaced',
      beta: removedVersion(
        authorization.v1beta1.LocalSubjectAccessReview,
        { ...lifecycle, use: authorization.v1.LocalSubjectAccessReview },
        betaSubjectReview,
      ),
      userOf: subjectOf,
      validate: validateLocalReview,
    }),
    defineReview(authorization.v1.SelfSubjectAccessReview, authorizer, {
      plural: 'selfsubjectaccessreviews',
      scope: 'Cluster',
      beta: removedVersion(authorization.v1beta1.SelfSubjectAccessReview, { ...lifecycle, use: authorization.v1.SelfSubjectAccessReview }),
      userOf: (_review, { user }) => user,
      validate: validateSelfReview,
    }),
    defineReview(authorization.v1.SubjectAccessReview, authorizer, {
      plural: 'subjectaccessreviews',
      scope: 'Cluster',
      beta: removedVersion(
        authorization.v1beta1.SubjectAccessReview,
        { ...lifecycle, use: authorization.v1.SubjectAccessReview },
        betaSubjectReview,
      ),
      userOf: subjectOf,
      validate: validateSubjectReview,
    }),
  ];
}
