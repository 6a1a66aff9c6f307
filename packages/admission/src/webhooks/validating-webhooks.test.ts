import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, target } from '../testing/attributes.js';
import { recordedRequest } from '../testing/recorded-request.js';
import { type Counted, creation, outcome, plugin, pod } from '../testing/validating-webhooks.js';
import { type Answer, SERVICE, type WebhookServer } from '../testing/webhook-server.js';
import { startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';

afterAll(stopWebhooks);

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhook();
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
