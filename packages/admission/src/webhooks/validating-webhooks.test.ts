import { ApiError, type KubeObject } from '@keelson/machinery';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, pods, served, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { type RecordedRequest, recordedRequest } from '../testing/recorded-request.js';
import { type Answer, SERVICE, type WebhookServer } from '../testing/webhook-server.js';
import { allRules, startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';
import type { WebhookSpec } from './webhook.js';
import type { ConditionsOutcome } from './webhook-events.js';
import type { WebhookHost } from './webhook-host.js';
import { validatingWebhooks } from './webhook-plugins.js';

afterAll(stopWebhooks);

interface Counted {
  readonly calls: string[];
}

async function plugin(webhooks: readonly WebhookSpec[], counted?: Counted, more: Partial<WebhookHost> = {}) {
  const configuration = { metadata: { name: 'checks' }, webhooks } as KubeObject;
  const host = hostOf({ validatingwebhookconfigurations: [configuration] });
  const count = (...what: unknown[]) => void counted?.calls.push(what.join(' '));
  const events = {
    called: (name: string, type: string, operation: string, code: number, rejected: boolean) =>
      count('called', name, type, operation, code, rejected),
    rejected: (name: string, type: string, operation: string, why: string, code: number) =>
      count('rejected', name, type, operation, why, code),
    failedOpen: (name: string, type: string) => count('failedOpen', name, type),
    conditionsEvaluated: (name: string, type: string, operation: string, { failed, excludes }: ConditionsOutcome) =>
      count('conditions', name, type, operation, failed, excludes),
  };
  return validatingWebhooks({ ...host, webhooks: { ...host.webhooks, events, ...more } });
}

const pod = (): KubeObject => ({ metadata: { name: 'p', namespace: 'a' } });
const creation = (more: Parameters<typeof recordedRequest>[3] = {}) => recordedRequest(pods, 'CREATE', pod(), more);

/** How a request ends with one webhook. */
async function outcome(spec: WebhookSpec, request: RecordedRequest = creation()): Promise<string> {
  const error = await failureOf(async () => (await plugin([spec])).validate(request));
  if (error === undefined) return 'admitted';
  return error instanceof ApiError ? `${error.code} ${error.reason}: ${error.message}` : String(error);
}

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
    expect(await outcome(webhookSpec(server, { timeoutSeconds: 2 }))).toContain('an error on the server ("") has prevented the request');
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

describe('validating webhooks', () => {
  it('are asked at the same time', async () => {
    const waiting: (() => void)[] = [];
    // Each answers when all have been asked.
    const together: Answer = async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3) for (const go of waiting) go();
      });
      return {};
    };
    server.answer = together;
    const three = ['a.x.io', 'b.x.io', 'c.x.io'].map((name) => webhookSpec(server, { name }));
    await (await plugin(three)).validate(creation());
    expect(server.reviews).toHaveLength(3);
  });

  it('are all waited for, and the first who refuses is told', async () => {
    let sayFirst: () => void = () => undefined;
    const slow = await startWebhook(async () => {
      await new Promise<void>((resolve) => {
        sayFirst = resolve;
      });
      return { allowed: false };
    });
    server.answer = (_, res) => {
      res.once('close', () => sayFirst());
      return { allowed: false };
    };
    const both = [webhookSpec(slow, { name: 'slow.x.io' }), webhookSpec(server, { name: 'fast.x.io' })];
    const error = await failureOf(async () => (await plugin(both)).validate(creation()));
    expect((error as Error).message).toBe('admission webhook "fast.x.io" denied the request without explanation');
    expect([slow.reviews.length, server.reviews.length]).toEqual([1, 1]);
  });

  it('are counted, and told of in audit annotations when they fail open', async () => {
    const counted: Counted = { calls: [] };
    server.answer = (_, res) => void res.destroy();
    const denying = await startWebhook(() => ({ allowed: false, status: { code: 403 } as never }));
    const all = [
      webhookSpec(server, { name: 'out.x.io', rules: [] }),
      webhookSpec(denying, { name: 'deny.x.io' }),
      webhookSpec(server, { name: 'open.x.io', failurePolicy: 'Ignore' }),
      webhookSpec(server, { name: 'shut.x.io' }),
    ];
    const request = creation();
    await failureOf(async () => (await plugin(all, counted)).validate(request));
    expect(counted.calls.sort()).toEqual([
      'called deny.x.io validating CREATE 403 true',
      'called open.x.io validating CREATE 503 false',
      'called shut.x.io validating CREATE 503 true',
      'failedOpen open.x.io validating',
      'rejected deny.x.io validating CREATE no_error 403',
      'rejected shut.x.io validating CREATE calling_webhook_error 503',
    ]);
    expect(request.told.annotations).toEqual({ 'failed-open.validating.webhook.admission.k8s.io/round_0_index_1': 'open.x.io' });
  });

  it.each([
    ['None', 'admitted'],
    ['NoneOnDryRun', 'admitted'],
    ['Some', '400 BadRequest: admission webhook "hook.example.com" does not support dry run'],
    ['Unknown', '400 BadRequest: admission webhook "hook.example.com" does not support dry run'],
  ])('with side effects %s are asked on a dry run: %s', async (sideEffects, expected) => {
    expect(await outcome(webhookSpec(server, { sideEffects, failurePolicy: 'Ignore' }), creation({ dryRun: true }))).toBe(expected);
    expect(server.reviews).toHaveLength(expected === 'admitted' ? 1 : 0);
  });

  it.each([
    ['ValidatingWebhookConfiguration', 0],
    ['MutatingWebhookConfiguration', 0],
    ['ValidatingAdmissionPolicy', 0],
    ['MutatingAdmissionPolicyBinding', 0],
    ['Other', 1],
  ])('are asked about a %s so often: %d', async (kind, times) => {
    const request = recordedRequest(target('admissionregistration.k8s.io', kind, 'whatever'), 'CREATE', pod());
    expect(await outcome(webhookSpec(server), request)).toBe('admitted');
    expect(server.reviews).toHaveLength(times);
  });

  it('are not waited for when nobody waits for the answer', async () => {
    const gone = new AbortController();
    server.answer = () => void gone.abort();
    expect(await outcome(webhookSpec(server), creation({ signal: gone.signal }))).toContain('The operation was aborted');
    expect(await outcome(webhookSpec(server), creation({ signal: gone.signal }))).toBe(
      '504 Timeout: Timeout: request did not complete within requested timeout',
    );
  });

  it.each<[string, string, string]>([
    ['object.metadata.name == "p"', 'Fail', 'asked'],
    ['request.operation == "DELETE" || oldObject != null', 'Fail', 'admitted'],
    ['authorizer.requestResource.check("get").allowed()', 'Fail', 'asked'],
    [
      'object.spec.x == 1',
      'Fail',
      `403 Forbidden: pods "p" is forbidden: expression 'object.spec.x == 1' resulted in error: no such key: spec`,
    ],
    ['object.spec.x == 1', 'Ignore', 'admitted'],
  ])('with condition %s and policy %s end in: %s', async (expression, failurePolicy, expected) => {
    const matchConditions = [
      { name: 'certain', expression: 'true' },
      { name: 'open', expression },
    ];
    const said = await outcome(webhookSpec(server, { matchConditions, failurePolicy }));
    expect(said === 'admitted' && server.reviews.length > 0 ? 'asked' : said).toBe(expected);
  });

  it('count what their conditions leave out', async () => {
    const counted: Counted = { calls: [] };
    const about = (name: string, expression: string) =>
      webhookSpec(server, { name, matchConditions: [{ name: 'it', expression }], failurePolicy: 'Ignore' });
    await (await plugin([about('in.x.io', 'true'), about('out.x.io', 'false'), about('odd.x.io', 'object.x')], counted)).validate(
      creation(),
    );
    expect(counted.calls.filter((call) => call.startsWith('conditions'))).toEqual([
      'conditions in.x.io validating CREATE false false',
      'conditions out.x.io validating CREATE false true',
      'conditions odd.x.io validating CREATE true true',
    ]);
    expect(server.reviews).toHaveLength(1);
  });

  it('cost nothing that is waited for where none is concerned', async () => {
    expect((await plugin([])).validate(creation())).toBeUndefined();
    expect((await plugin([webhookSpec(server, { rules: [] })])).validate(creation())).toBeUndefined();
  });
});

describe('a webhook behind a service', () => {
  const services = (port: number) => ({ resolve: async () => ({ host: '127.0.0.1', port }), egress: {} }) as never;
  const clientConfig = (more: object = {}) => ({ service: { ...SERVICE, ...more }, caBundle: server.caBundle });

  it('is asked under the name of the service, wherever it is', async () => {
    let asked = '';
    server.answer = (_review, _response, { headers, url }) => {
      asked = `${headers.host}${url}`;
      return {};
    };
    const validating = await plugin([webhookSpec(server, { clientConfig: clientConfig({ path: '/a/', port: 8443 }) })], undefined, {
      services: services(server.port),
    });
    await validating.validate(creation());
    expect(asked).toBe('checks.hooks.svc:8443/a?timeout=10s');
  });

  it('is not there without the service', async () => {
    expect(await outcome(webhookSpec(server, { clientConfig: clientConfig() }))).toBe(
      '500 InternalError: Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://checks.hooks.svc:443/?timeout=10s": service "checks" not found',
    );
  });
});

describe('a webhook that keeps failing', () => {
  it('is not asked for a while, where it may be ignored', async () => {
    let nowMs = 0;
    server.answer = (_, res) => void res.destroy();
    const breaker = { failures: 2, openMs: 10, mostOpenMs: 15, patienceMs: 0, nowMs: () => nowMs };
    const counted: Counted = { calls: [] };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], counted, { breaker });
    const ask = async (times: number) => {
      for (let at = 0; at < times; at++) await validating.validate(creation());
      return server.reviews.length;
    };
    expect(await ask(4)).toBe(2);
    expect(counted.calls.filter((call) => call.startsWith('failedOpen'))).toHaveLength(4);
    nowMs = 10;
    expect(await ask(2)).toBe(3);
    server.answer = () => ({});
    nowMs = 24;
    expect(await ask(2)).toBe(3);
    nowMs = 25;
    expect(await ask(2)).toBe(5);
  });

  it.each([
    ['at once', 60_000, 3],
    ['after a wait', 20, 1],
  ])('has failed requests that were given up %s, or not', async (_, patienceMs, asked) => {
    server.answer = () => undefined;
    const breaker = { failures: 1, openMs: 10_000, mostOpenMs: 10_000, patienceMs };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], undefined, { breaker });
    for (let at = 0; at < 3; at++) await validating.validate(creation({ deadlineAtMs: performance.now() + 200 }));
    expect(server.reviews).toHaveLength(asked);
  });

  it('is asked every time as long as it answers at all', async () => {
    server.answer = (_, res) => void res.writeHead(500).end('garbage');
    const breaker = { failures: 1, openMs: 10_000, mostOpenMs: 10_000, patienceMs: 0 };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], undefined, { breaker });
    for (let at = 0; at < 3; at++) await validating.validate(creation());
    expect(server.reviews).toHaveLength(3);
  });

  it('is asked every time where it may not', async () => {
    server.answer = (_, res) => void res.destroy();
    const breaker = { failures: 1, openMs: 10_000, mostOpenMs: 10_000, patienceMs: 0 };
    const validating = await plugin([webhookSpec(server)], undefined, { breaker });
    for (let at = 0; at < 3; at++) await failureOf(() => validating.validate(creation()));
    expect(server.reviews).toHaveLength(3);
  });
});
