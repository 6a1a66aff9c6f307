import type { AuthorizationAttributes, AuthorizationDecision, Json } from '@keelson/machinery';
import type { authorization } from '@keelson/schema';
import type { Resource, WriteContext } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { createAccessReviews } from './access-reviews.js';
import { reviewAttributes } from './review-attributes.js';
import { createSelfSubjectRulesReviews } from './self-subject-rules-reviews.js';

type Review = authorization.v1.SubjectAccessReview;

const context = { user: { name: 'alice', groups: ['devs'] }, namespace: 'ns' } as unknown as WriteContext;

function reviewer(decision: AuthorizationDecision) {
  const asked: AuthorizationAttributes[] = [];
  const resources = createAccessReviews({
    authorize(attributes) {
      asked.push(attributes);
      return decision;
    },
  });
  const review = (plural: string, json: object): Promise<unknown> => {
    const found = resources.find(({ resource }) => resource === plural) as Resource;
    return Promise.resolve(found.definition.review?.(found.hub.codec.fromJson({ metadata: {}, ...json } as Json), context));
  };
  return { asked, review };
}

const pods = { verb: 'list', resource: 'pods', namespace: 'ns' };

describe('access reviews', () => {
  it('ask the authorizer about somebody', async () => {
    const { asked, review } = reviewer({ decision: 'allow', reason: 'because' });
    const spec = { user: 'bob', groups: ['g'], extra: { Scope: ['a'] }, resourceAttributes: pods };
    const answer = (await review('subjectaccessreviews', { spec })) as Review;
    expect(answer.status).toEqual({ allowed: true, reason: 'because' });
    expect(asked).toEqual([
      {
        user: { name: 'bob', groups: ['g'], extra: { Scope: ['a'] } },
        verb: 'list',
        resourceRequest: true,
        apiGroup: '',
        apiVersion: '*',
        resource: 'pods',
        subresource: '',
        namespace: 'ns',
        name: '',
        path: '',
      },
    ]);
  });

  it('ask about the sender', async () => {
    const { asked, review } = reviewer({ decision: 'deny' });
    const answer = (await review('selfsubjectaccessreviews', { spec: { nonResourceAttributes: { path: '/x', verb: 'get' } } })) as Review;
    expect(answer.status).toEqual({ allowed: false, denied: true });
    expect(asked[0]).toMatchObject({ user: context.user, resourceRequest: false, path: '/x', verb: 'get' });
  });

  it('pass on what selectors say, as far as it can be understood', async () => {
    const { asked, review } = reviewer({ decision: 'noOpinion' });
    const fieldSelector = {
      requirements: [
        { key: 'a', operator: 'In', values: ['1'] },
        { key: 'b', operator: 'Exists' },
      ],
    };
    const labelSelector = {
      requirements: [
        { key: 'c', operator: 'Exists' },
        { key: 'd', operator: 'Like', values: ['x'] },
      ],
    };
    const answer = await review('selfsubjectaccessreviews', { spec: { resourceAttributes: { ...pods, fieldSelector, labelSelector } } });
    expect((answer as Review).status).toEqual({
      allowed: false,
      evaluationError:
        '[spec.resourceAttributes.fieldSelector partially ignored due to parse error, spec.resourceAttributes.labelSelector partially ignored due to parse error]',
    });
    expect(asked[0]).toMatchObject({
      fieldSelector: {
        requirements: [{ field: 'a', operator: '=', value: '1' }],
        error: 'fieldSelectors do not yet support Exists',
      },
      labelSelector: {
        requirements: [{ key: 'c', operator: 'exists', values: [] }],
        error: '"Like" is not a valid label selector operator',
      },
    });
  });

  it.each([
    ['NotIn', ['1'], [{ field: 'a', operator: '!=', value: '1' }], undefined],
    ['In', ['1', '2'], [], 'fieldSelectors do not yet support multiple values'],
    ['In', [], [], 'fieldSelectors in must have one value'],
    ['NotIn', [], [], 'fieldSelectors not in must have one value'],
    ['DoesNotExist', [], [], 'fieldSelectors do not yet support DoesNotExist'],
    ['Like', [], [], '"Like" is not a valid field selector operator'],
  ])('understand of a field only that it has a value or not: %s %j', (operator, values, requirements, error) => {
    const fieldSelector = { requirements: [{ key: 'a', operator, values }] };
    const { fieldSelector: read } = reviewAttributes(context.user, { resourceAttributes: { ...pods, fieldSelector } });
    expect([read?.requirements, read?.error]).toEqual([requirements, error]);
  });

  it('tell of selectors that cannot be read, and of what went wrong while deciding', async () => {
    const { review } = reviewer({ decision: 'allow', error: new Error('webhook is away') });
    const resourceAttributes = { ...pods, fieldSelector: { rawSelector: 'a' }, labelSelector: { rawSelector: 'b=1' } };
    const answer = (await review('selfsubjectaccessreviews', { spec: { resourceAttributes } })) as Review;
    expect(answer.status).toEqual({
      allowed: true,
      evaluationError: '[webhook is away, spec.resourceAttributes.fieldSelector ignored due to parse error]',
    });
  });

  it.each([
    [
      'subjectaccessreviews',
      { spec: { user: 'x' } },
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      'subjectaccessreviews',
      { spec: { resourceAttributes: pods } },
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    ],
    [
      'localsubjectaccessreviews',
      { metadata: { namespace: 'other' }, spec: { user: 'x', resourceAttributes: pods } },
      'spec.resourceAttributes.namespace: Invalid value: "ns": must match metadata.namespace',
    ],
    [
      'selfsubjectaccessreviews',
      { metadata: { name: 'n' }, spec: { resourceAttributes: pods } },
      'metadata: Invalid value: {"name":"n"}: must be empty',
    ],
  ])('%s are refused without their kind', async (plural, json, message) => {
    await expect(reviewer({ decision: 'allow' }).review(plural, json)).rejects.toMatchObject({
      code: 422,
      message: `.authorization.k8s.io "" is invalid: ${message}`,
    });
  });
});

describe('rules reviews', () => {
  const rules = { resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }], nonResourceRules: [], incomplete: true };
  const reviews = createSelfSubjectRulesReviews({
    rulesFor: async (user, namespace) => ({ ...rules, evaluationError: `${user.name} in ${namespace}` }),
  });

  it('tell the sender what it may do', async () => {
    const answer = await reviews.definition.review?.({ metadata: { name: 'gone' }, spec: { namespace: 'ns' } } as never, context);
    expect(answer).toEqual({ metadata: {}, spec: {}, status: { ...rules, evaluationError: 'alice in ns' } });
  });

  it('need a namespace', async () => {
    const review = async () => reviews.definition.review?.({ metadata: {}, spec: {} } as never, context);
    await expect(review()).rejects.toMatchObject({ code: 400, message: 'no namespace on request' });
  });
});
