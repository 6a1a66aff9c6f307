import type { ApiError } from '@keelson/machinery';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../testing/attributes.js';
import { creation, outcome, plugin } from '../testing/validating-webhooks.js';
import type { Answer, WebhookServer } from '../testing/webhook-server.js';
import { startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';

afterAll(stopWebhooks);

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhook();
});

describe('what a webhook answers', () => {
  it.each<[string, object, string]>([
    ['no reason', { allowed: false }, '400 : admission webhook "hook.example.com" denied the request without explanation'],
    [
      'a message',
      { allowed: false, status: { message: 'not so', reason: 'Forbidden', code: 403 } },
      '403 Forbidden: admission webhook "hook.example.com" denied the request: not so',
    ],
    [
      'a reason only',
      { allowed: false, status: { reason: 'Because', code: 200 } },
      '400 Because: admission webhook "hook.example.com" denied the request: Because',
    ],
    [
      'a code that is none',
      { allowed: false, status: { code: 4040 } },
      '500 : admission webhook "hook.example.com" denied the request without explanation',
    ],
  ])('denies with %s', async (_, response, expected) => {
    server.answer = () => response;
    expect(await outcome(webhookSpec(server))).toBe(expected);
    expect(await outcome(webhookSpec(server, { failurePolicy: 'Ignore' }))).toBe(expected);
  });

  it('passes on details, warnings and audit annotations', async () => {
    const details = { causes: [{ reason: 'R', message: 'm', field: 'spec' }] };
    const auditAnnotations = { key: 'value', 'no key': 'value' };
    server.answer = () => ({ allowed: false, status: { details } as never, warnings: ['beware'], auditAnnotations });
    const request = creation();
    const error = (await failureOf(async () => (await plugin([webhookSpec(server)])).validate(request))) as ApiError;
    expect(error.status.details).toEqual(details);
    expect(request.told).toEqual({ warnings: ['beware'], annotations: { 'hook.example.com/key': 'value' }, reinvocations: 0 });
  });

  const failed = '500 InternalError: Internal error occurred: failed calling webhook "hook.example.com"';

  it.each<[string, Answer, string]>([
    ['another uid', () => ({ uid: 'other' }), 'received invalid webhook response: expected response.uid="UID", got "other"'],
    ['a patch', () => ({ patch: 'W10=' }), 'received invalid webhook response: validating webhook may not return response.patch'],
    [
      'a type of patch',
      () => ({ patchType: 'JSONPatch' }),
      'received invalid webhook response: validating webhook may not return response.patchType',
    ],
    [
      'no response',
      (_, res) => void res.end('{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'),
      'received invalid webhook response: webhook response was absent',
    ],
    [
      'no kind',
      ({ request }, res) => void res.end(JSON.stringify({ response: { uid: request.uid, allowed: true } })),
      'received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
    ],
    [
      'another version',
      (_, res) => void res.end('{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview"}'),
      'failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion',
    ],
    [
      'nothing',
      (_, res) => void res.end(),
      'failed to call webhook: 0-length response with status code: 200 and content type: application/json',
    ],
    [
      'garbage',
      (_, res) => void res.end('{nope'),
      "failed to call webhook: couldn't get version/kind; json parse error: invalid character 'n' looking for beginning of object key string",
    ],
    [
      'an error',
      (_, res) => void res.writeHead(500, { 'Content-Type': 'text/plain' }).end('boom'),
      'failed to call webhook: an error on the server ("boom") has prevented the request from succeeding',
    ],
    ['404', (_, res) => void res.writeHead(404).end('nope'), 'failed to call webhook: the server could not find the requested resource'],
    ['a closed connection', (_, res) => void res.destroy(), 'failed to call webhook: Post "URL?timeout=10s": EOF'],
  ])('is no answer when it is %s', async (_, answer, why) => {
    server.answer = answer;
    const said = await outcome(webhookSpec(server));
    const uid = server.reviews[0]?.request.uid ?? '';
    expect(said).toBe(`${failed}: ${why.replace('UID', uid).replace('URL', server.url)}`);
    expect(await outcome(webhookSpec(server, { failurePolicy: 'Ignore' }))).toBe('admitted');
  });

  it('is not looked at closely in v1beta1', async () => {
    server.answer = (_, res) => void res.end('{"response":{"uid":"other","allowed":true,"patch":"W10=","patchType":"Odd"}}');
    expect(await outcome(webhookSpec(server, { admissionReviewVersions: ['v1beta1'] }))).toBe('admitted');
  });

  it('may be that it comes later', async () => {
    const codes = [503, 429, 500];
    server.answer = (_, res) => {
      const code = codes.shift();
      if (code === undefined) return {};
      res.writeHead(code, { 'Retry-After': code === 500 ? '9' : '0' }).end();
      return undefined;
    };
    expect(await outcome(webhookSpec(server, { timeoutSeconds: 2 }))).toBe(
      `${failed}: failed to call webhook: Post "${server.url}?timeout=2s": context deadline exceeded`,
    );
    expect(await outcome(webhookSpec(server))).toBe('admitted');
    expect(server.reviews).toHaveLength(4);
  });

  it('may never come', async () => {
    server.answer = () => undefined;
    const policies = ['Fail', 'Ignore'];
    const said = policies.map((failurePolicy) => outcome(webhookSpec(server, { timeoutSeconds: 1, failurePolicy })));
    expect(await Promise.all(said)).toEqual([
      `${failed}: failed to call webhook: Post "${server.url}?timeout=1s": context deadline exceeded`,
      'admitted',
    ]);
  });

  it('cannot come from where nobody is, or nobody is trusted', async () => {
    server.close();
    expect(await outcome(webhookSpec(server))).toBe(
      `${failed}: failed to call webhook: Post "${server.url}?timeout=10s": dial tcp 127.0.0.1:${server.port}: connect: connection refused`,
    );
    const other = await startWebhook();
    expect(await outcome(webhookSpec(other, { clientConfig: { url: other.url } }))).toBe(
      `${failed}: failed to call webhook: Post "${other.url}?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    );
    expect(await outcome(webhookSpec(other, { clientConfig: { url: other.url, caBundle: 'AAAA' } }))).toBe(
      `${failed}: could not get REST client: unable to load root certificates: unable to parse bytes as PEM block`,
    );
  });
});
