import { ApiError, type AuthorizationAttributes, RemoteError } from '@keelson/machinery';
import type { authorization } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { WebhookAuthorizer, type WebhookAuthorizerOptions } from './webhook-authorizer.js';

type Status = authorization.v1.SubjectAccessReviewStatus;

const request: AuthorizationAttributes = {
  user: { name: 'alice', groups: [] },
  verb: 'get',
  resourceRequest: true,
  apiGroup: '',
  apiVersion: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'ns',
  name: 'web',
  path: '',
};

/** Answers in turn; what is thrown is an error. */
function webhook(answers: readonly (Status | Error)[], more: Partial<WebhookAuthorizerOptions> = {}) {
  const asked: authorization.v1.SubjectAccessReviewSpec[] = [];
  const noted: string[] = [];
  const authorizer = new WebhookAuthorizer({
    reviewer: {
      async review(spec) {
        const answer = answers[asked.length] as Status | Error;
        asked.push(spec);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    observer: { onEvaluation: (result) => noted.push(result), onFailOpen: (result) => noted.push(`open: ${result}`) },
    authorizedTtlMs: 60_000,
    unauthorizedTtlMs: 60_000,
    onFailure: 'noOpinion',
    backoff: { attempts: 3, firstPauseMs: 1, factor: 1, jitter: 0 },
    ...more,
  });
  return { authorizer, asked, noted };
}

describe('a webhook', () => {
  it.each<[Status, object]>([
    [
      { allowed: true, reason: 'because' },
      { decision: 'allow', reason: 'because' },
    ],
    [{ allowed: false }, { decision: 'noOpinion' }],
    [
      { allowed: false, reason: 'not you' },
      { decision: 'noOpinion', reason: 'not you' },
    ],
    [
      { allowed: false, denied: true, reason: 'no' },
      { decision: 'deny', reason: 'no' },
    ],
    [
      { allowed: true, denied: true },
      { decision: 'deny', error: new Error('webhook subject access review returned both allow and deny response') },
    ],
  ])('decides: %j', async (status, decision) => {
    const { authorizer, asked, noted } = webhook([status]);
    expect(await authorizer.authorize(request)).toEqual(decision);
    expect(authorizer.authorize(request)).toEqual(decision);
    expect([asked.length, noted]).toEqual([1, ['success']]);
  });

  it('is asked once about the same, and again about anything else', async () => {
    const { authorizer, asked } = webhook([{ allowed: true }, { allowed: false }]);
    const both = [authorizer.authorize(request), authorizer.authorize({ ...request })];
    expect(await Promise.all(both)).toEqual([{ decision: 'allow' }, { decision: 'allow' }]);
    expect(await authorizer.authorize({ ...request, name: 'db' })).toEqual({ decision: 'noOpinion' });
    expect(asked.map(({ resourceAttributes }) => resourceAttributes?.name)).toEqual(['web', 'db']);
  });

  it('is asked again at once where its answers are not kept', async () => {
    const { authorizer, asked } = webhook([{ allowed: true }, { allowed: false }, { allowed: true }, { allowed: false }], {
      authorizedTtlMs: 0,
    });
    await authorizer.authorize(request);
    await authorizer.authorize(request);
    await authorizer.authorize(request);
    expect(asked).toHaveLength(2);
  });

  it('is asked again after a failure that may pass', async () => {
    const { authorizer, noted } = webhook([new ApiError(500, 'InternalError', 'x'), { allowed: true }]);
    expect(await authorizer.authorize(request)).toEqual({ decision: 'allow' });
    expect(noted).toEqual(['error', 'success']);
  });

  it('leaves it to others when it cannot be asked, or denies, and keeps none of that', async () => {
    const away = new RemoteError('POST', 'https://x', new Error('slow'), true);
    const open = webhook([away, { allowed: true }]);
    expect(await open.authorizer.authorize(request)).toEqual({ decision: 'noOpinion', error: away });
    expect(await open.authorizer.authorize(request)).toEqual({ decision: 'allow' });
    expect(open.noted).toEqual(['timeout', 'open: timeout', 'success']);
    const late = new ApiError(504, 'Timeout', 'x');
    const closed = webhook([late, late, late], { onFailure: 'deny' });
    expect(await closed.authorizer.authorize(request)).toEqual({ decision: 'deny', error: late });
    expect(closed.noted).toEqual(['timeout', 'timeout', 'timeout']);
  });

  it('is asked only about what its conditions match', async () => {
    const { authorizer, asked } = webhook([{ allowed: true }], {
      conditions: { match: ({ resourceAttributes }) => resourceAttributes?.namespace === 'ns' },
    });
    expect(authorizer.authorize({ ...request, namespace: 'other' })).toEqual({ decision: 'noOpinion' });
    expect(await authorizer.authorize(request)).toEqual({ decision: 'allow' });
    expect(asked).toHaveLength(1);
  });

  it('fails where its conditions do', () => {
    const error = new Error('no such key');
    const conditions = {
      match() {
        throw error;
      },
    };
    expect(webhook([], { conditions }).authorizer.authorize(request)).toEqual({ decision: 'noOpinion', error });
    expect(webhook([], { conditions, onFailure: 'deny' }).authorizer.authorize(request)).toEqual({ decision: 'deny', error });
  });
});
