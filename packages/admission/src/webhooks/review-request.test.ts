import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pods, served, target } from '../testing/attributes.js';
import { recordedRequest } from '../testing/recorded-request.js';
import { creation, outcome, plugin, pod } from '../testing/validating-webhooks.js';
import type { WebhookServer } from '../testing/webhook-server.js';
import { allRules, startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';

afterAll(stopWebhooks);

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhook();
});

describe('what a webhook is told', () => {
  const user = { name: 'alice', uid: 'u1', groups: ['devs'], extra: { scopes: ['a', 'b'] } };

  it('is the request as the client made it', async () => {
    const options = { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'm' };
    await (await plugin([webhookSpec(server)])).validate(creation({ user, options, dryRun: true }));
    const [review] = server.reviews;
    expect(review).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        requestKind: { group: '', version: 'v1', kind: 'Pod' },
        requestResource: { group: '', version: 'v1', resource: 'pods' },
        name: 'p',
        namespace: 'a',
        operation: 'CREATE',
        userInfo: { username: 'alice', uid: 'u1', groups: ['devs'], extra: { scopes: ['a', 'b'] } },
        object: { kind: 'Pod', apiVersion: 'v1', ...pod() },
        oldObject: null,
        dryRun: true,
        options,
      },
    });
  });

  it('names subresources, and leaves out what there is not', async () => {
    const status = { served: served(pods, 'status'), subresource: 'status', name: '', namespace: '' };
    const anonymous = { user: { name: '', groups: [] }, oldObject: pod() };
    await (await plugin([webhookSpec(server)])).validate(recordedRequest(pods, 'DELETE', undefined, { ...status, ...anonymous }));
    const request = server.reviews[0]?.request;
    expect(request).toMatchObject({ subResource: 'status', requestSubResource: 'status', userInfo: {}, object: null, dryRun: false });
    expect(request).toMatchObject({ oldObject: { kind: 'Pod', apiVersion: 'v1', ...pod() } });
    expect(Object.keys(request ?? {})).not.toContain('name');
    expect(Object.keys(request ?? {})).not.toContain('namespace');
  });

  it('is in the version of its rules, with that of the request beside', async () => {
    const early = target('extensions', 'Deployment', 'deployments');
    const late = target('apps', 'Deployment', 'deployments');
    const request = recordedRequest(early, 'CREATE', pod(), { served: served(early, '', [served(late)]) });
    const appsOnly = [{ ...allRules[0], apiGroups: ['apps'] }];
    await (await plugin([webhookSpec(server, { rules: appsOnly })])).validate(request);
    expect(server.reviews[0]?.request).toMatchObject({
      kind: { group: 'apps' },
      resource: { group: 'apps' },
      requestKind: { group: 'extensions' },
      requestResource: { group: 'extensions' },
      object: { apiVersion: 'apps/v1' },
    });
    expect(await outcome(webhookSpec(server, { rules: appsOnly, matchPolicy: 'Exact' }), request)).toBe('admitted');
    expect(server.reviews).toHaveLength(1);
  });

  it('comes in the first version of a review that can be sent', async () => {
    expect(await outcome(webhookSpec(server, { admissionReviewVersions: ['v2', 'v1beta1', 'v1'] }))).toBe('admitted');
    expect(server.reviews[0]?.apiVersion).toBe('admission.k8s.io/v1beta1');
    expect(await outcome(webhookSpec(server, { admissionReviewVersions: ['v2'] }))).toBe(
      '500 InternalError: Internal error occurred: failed calling webhook "hook.example.com": could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
    );
  });

  it('comes with the time there is for it', async () => {
    const asked: string[] = [];
    server.answer = (_review, _response, request) => {
      asked.push(`${request.headers.host} ${request.url} ${request.headers['user-agent']} ${request.headers.accept}`);
      return {};
    };
    const validating = await plugin([webhookSpec(server, { timeoutSeconds: 7 })]);
    await validating.validate(creation());
    await validating.validate(creation({ deadlineAtMs: performance.now() + 2500 }));
    const rest = 'kube-apiserver-admission application/json, */*';
    expect(asked).toEqual([`127.0.0.1:${server.port} /review?timeout=7s ${rest}`, `127.0.0.1:${server.port} /review?timeout=3s ${rest}`]);
  });
});
