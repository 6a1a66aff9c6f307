import { ApiError, RemoteError, RemoteServer } from '@keelson/machinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReviewWebhook } from '../../testing/review-webhook.js';
import { RemoteAccessReviewer } from './remote-access-reviewer.js';

const spec = { user: 'alice', groups: ['devs'], nonResourceAttributes: { path: '/healthz', verb: 'get' } };

let webhook: ReviewWebhook;
let server: RemoteServer;
beforeEach(async () => {
  webhook = await ReviewWebhook.start(() => ({ allowed: true, reason: 'because' }));
  server = new RemoteServer(webhook.access);
});
afterEach(() => {
  server.close();
  webhook.close();
});

const review = (reviewVersion: 'v1' | 'v1beta1', timeoutMs = 2500) =>
  new RemoteAccessReviewer(server, { reviewVersion, timeoutMs }).review(spec, AbortSignal.timeout(60_000));

describe('a webhook over HTTPS', () => {
  it('is asked in the version it is configured with', async () => {
    expect(await review('v1')).toEqual({ allowed: true, reason: 'because' });
    expect(await review('v1beta1', 300)).toEqual({ allowed: true, reason: 'because' });
    const shared = { kind: 'SubjectAccessReview', metadata: {}, status: { allowed: false } };
    const { groups, ...rest } = spec;
    expect(webhook.received.map(({ path, review: sent }) => [path, sent])).toEqual([
      ['/review?timeout=2.5s', { ...shared, apiVersion: 'authorization.k8s.io/v1', spec }],
      ['/review?timeout=300ms', { ...shared, apiVersion: 'authorization.k8s.io/v1beta1', spec: { ...rest, group: groups } }],
    ]);
  });

  it('fails as the clients of Kubernetes say', async () => {
    webhook.answer = (_review, response) => void response.writeHead(500, { 'Content-Type': 'text/plain' }).end('no luck');
    await expect(review('v1')).rejects.toThrow(
      new ApiError(500, 'InternalError', 'an error on the server ("no luck") has prevented the request from succeeding'),
    );
    webhook.answer = (_review, response) => void response.end('{"apiVersion":"v1","kind":"AdmissionReview"}');
    await expect(review('v1')).rejects.toThrow(
      'no kind "AdmissionReview" is registered for version "v1" in scheme "k8s.io/client-go/kubernetes/scheme/register.go:84"',
    );
    webhook.answer = () => undefined;
    const late = review('v1', 50);
    await expect(late).rejects.toThrow(RemoteError);
    await expect(late).rejects.toMatchObject({ timedOut: true });
  });
});
