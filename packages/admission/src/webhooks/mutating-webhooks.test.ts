import { type AdmissionAttributes, ApiError, type KubeObject } from '@keelson/machinery';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, pods, served, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { type RecordedRequest, recordedRequest } from '../testing/recorded-request.js';
import { type Answer, patching, patchOf, type WebhookServer } from '../testing/webhook-server.js';
import { allRules, startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';
import type { WebhookSpec } from './webhook.js';
import { mutatingWebhooks } from './webhook-plugins.js';

afterAll(stopWebhooks);

/** Configurations by name. */
function plugin(webhooks: Readonly<Record<string, readonly WebhookSpec[]>>) {
  const configurations = Object.entries(webhooks).map(([name, specs]) => ({ metadata: { name }, webhooks: specs }) as KubeObject);
  return mutatingWebhooks(hostOf({ mutatingwebhookconfigurations: configurations }));
}

const pod = (labels: Record<string, string> = {}): KubeObject => ({ metadata: { name: 'p', namespace: 'a', labels } });
const label = (name: string, value = 'x') => ({ op: 'add', path: `/metadata/labels/${name}`, value });

async function outcome(spec: WebhookSpec, request: RecordedRequest): Promise<string> {
  const error = await failureOf(async () => (await plugin({ changes: [spec] })).admit(request));
  if (error === undefined) return 'admitted';
  return error instanceof ApiError ? `${error.code} ${error.reason}: ${error.message}` : String(error);
}

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhook();
});

describe('a mutating webhook', () => {
  it('changes the object, and audit events tell how', async () => {
    server.answer = patching(
      { op: 'add', path: '/metadata/labels', value: { by: '<webhook>' } },
      { op: 'test', path: '/kind', value: 'Pod' },
    );
    const request = recordedRequest(pods, 'CREATE', pod({ a: 'b' }));
    expect(await outcome(webhookSpec(server), request)).toBe('admitted');
    expect(request.object).toEqual(pod({ by: '<webhook>' }));
    const patch =
      '[{"op":"add","path":"/metadata/labels","value":{"by":"\\u003cwebhook\\u003e"}},{"op":"test","path":"/kind","value":"Pod"}]';
    const of = '{"configuration":"changes","webhook":"hook.example.com"';
    expect(request.told.annotations).toEqual({
      'mutation.webhook.admission.k8s.io/round_0_index_0': `${of},"mutated":true}`,
      'patch.webhook.admission.k8s.io/round_0_index_0 (Request)': `${of},"patch":${patch},"patchType":"JSONPatch"}`,
    });
    expect(request.told.reinvocations).toBe(1);
  });

  it.each<[string, Answer, object]>([
    ['no patch', () => ({}), {}],
    ['an empty patch', patching(), {}],
    [
      'a patch without effect',
      patching({ op: 'replace', path: '/kind', value: 'Pod' }),
      { 'patch.webhook.admission.k8s.io/round_0_index_0 (Request)': expect.stringContaining('"op":"replace"') },
    ],
  ])('leaves the object alone with %s', async (_, answer, annotations) => {
    server.answer = answer;
    const request = recordedRequest(pods, 'CREATE', pod());
    expect(await outcome(webhookSpec(server), request)).toBe('admitted');
    expect([request.object, request.told.reinvocations]).toEqual([pod(), 0]);
    expect(request.told.annotations).toEqual({
      'mutation.webhook.admission.k8s.io/round_0_index_0': expect.stringContaining('"mutated":false'),
      ...annotations,
    });
  });

  it('writes to the object as it sees it', async () => {
    const early = target('extensions', 'Deployment', 'deployments');
    const late = served(target('apps', 'Deployment', 'deployments'));
    const updated: object[] = [];
    const equivalent = { ...late, update: (_: KubeObject, view: object) => void updated.push(view) };
    server.answer = patching({ op: 'replace', path: '/metadata/labels', value: { a: 'b' } });
    const request = recordedRequest(early, 'CREATE', pod(), { served: served(early, '', [equivalent]) });
    expect(await outcome(webhookSpec(server, { rules: [{ ...allRules[0], apiGroups: ['apps'] }] }), request)).toBe('admitted');
    expect(updated).toEqual([{ kind: 'Deployment', apiVersion: 'apps/v1', ...pod({ a: 'b' }) }]);
  });

  const failed = 'failed calling webhook "hook.example.com"';

  it.each<[string, Answer, string]>([
    [
      'no type',
      () => ({ patch: 'W10=' }),
      `${failed}: received invalid webhook response: webhook returned response.patch but not response.patchType`,
    ],
    [
      'a type only',
      () => ({ patchType: 'JSONPatch' }),
      `${failed}: received invalid webhook response: webhook returned response.patchType but not response.patch`,
    ],
    [
      'an empty type',
      () => ({ patch: 'W10=', patchType: '' }),
      `${failed}: received invalid webhook response: webhook returned invalid response.patchType of ""`,
    ],
    ['another type', () => ({ patch: 'W3sib3AiOiJhZGQifV0=', patchType: 'Merge' }), `${failed}: unsupported patch type "Merge"`],
    [
      'no list',
      () => ({ patch: 'e30=', patchType: 'JSONPatch' }),
      `${failed}: received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch`,
    ],
    [
      'no JSON',
      () => ({ patch: 'Wyw=', patchType: 'JSONPatch' }),
      `${failed}: received undecodable patch in webhook response: invalid character ',' looking for beginning of value`,
    ],
  ])('is told to have failed when its patch has %s', async (_, answer, why) => {
    server.answer = answer;
    const request = () => recordedRequest(pods, 'CREATE', pod());
    expect(await outcome(webhookSpec(server), request())).toBe(`500 InternalError: Internal error occurred: ${why}`);
    const ignored = request();
    expect(await outcome(webhookSpec(server, { failurePolicy: 'Ignore' }), ignored)).toBe('admitted');
    expect(ignored.told.annotations).toMatchObject({
      'failed-open.mutation.webhook.admission.k8s.io/round_0_index_0': 'hook.example.com',
      'mutation.webhook.admission.k8s.io/round_0_index_0': expect.stringContaining('"mutated":false'),
    });
  });

  it.each<[string, object, string]>([
    [
      'a path that is missing',
      { op: 'remove', path: '/spec/x' },
      'remove operation does not apply: doc is missing path: "/spec/x": missing value',
    ],
    ['a test that fails', { op: 'test', path: '/kind', value: 'Node' }, 'testing value /kind failed: test failed'],
    [
      'a list for a root',
      { op: 'replace', path: '', value: [] },
      `couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    ],
  ])('is never ignored when it patches %s', async (_, operation, why) => {
    server.answer = patching(operation);
    const request = recordedRequest(pods, 'CREATE', pod());
    const spec = webhookSpec(server, { failurePolicy: 'Ignore' });
    expect(await outcome(spec, request)).toBe(`500 InternalError: Internal error occurred: ${why}`);
    expect(request.object).toEqual(pod());
  });

  it('has nothing to change in a deletion', async () => {
    server.answer = patching(label('a'));
    expect(await outcome(webhookSpec(server), recordedRequest(pods, 'DELETE', undefined, { oldObject: pod() }))).toBe(
      '500 InternalError: Internal error occurred: admission webhook "hook.example.com" attempted to modify the object, which is not supported for this operation',
    );
  });

  it('denies', async () => {
    server.answer = () => ({ allowed: false, status: { message: 'no' } as never, patch: 'W10=', patchType: 'JSONPatch' });
    expect(await outcome(webhookSpec(server), recordedRequest(pods, 'CREATE', pod()))).toBe(
      '400 : admission webhook "hook.example.com" denied the request: no',
    );
  });

  it('may not be asked on a dry run', async () => {
    const request = recordedRequest(pods, 'CREATE', pod(), { dryRun: true });
    expect(await outcome(webhookSpec(server, { sideEffects: 'Some', failurePolicy: 'Ignore' }), request)).toBe(
      '400 BadRequest: admission webhook "hook.example.com" does not support dry run',
    );
  });
});

describe('mutating webhooks', () => {
  it('are asked one after another, in the order of their configurations, and see what those before did', async () => {
    const asked: string[] = [];
    const named =
      (name: string): Answer =>
      ({ request }) => {
        asked.push(`${name} ${Object.keys((request.object as KubeObject | null)?.metadata.labels ?? {})}`);
        return patchOf(label(name));
      };
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startWebhook(named(name))));
    if (a === undefined || b === undefined || c === undefined) throw new Error('no servers');
    const request = recordedRequest(pods, 'CREATE', pod());
    await (await plugin({ z: [webhookSpec(c)], y: [webhookSpec(a), webhookSpec(b)] })).admit(request);
    expect(asked).toEqual(['a ', 'b a', 'c a,b']);
    expect(Object.keys(request.told.annotations).filter((key) => key.startsWith('mutation'))).toEqual(
      [0, 1, 2].map((at) => `mutation.webhook.admission.k8s.io/round_0_index_${at}`),
    );
  });

  it('are selected by what those before did', async () => {
    server.answer = patching(label('chosen'));
    const second = await startWebhook();
    const selecting = { matchLabels: { chosen: 'x' } };
    const both = { changes: [webhookSpec(server), webhookSpec(second, { objectSelector: selecting })] };
    await (await plugin(both)).admit(recordedRequest(pods, 'CREATE', pod()));
    expect(second.reviews).toHaveLength(1);
  });
});

describe('the second round', () => {
  /** Asks twice; `between` is what other plugins do. */
  async function twoRounds(webhooks: readonly WebhookSpec[], between: (object: KubeObject) => void = () => undefined) {
    const request = recordedRequest(pods, 'CREATE', pod());
    const mutating = await plugin({ changes: webhooks });
    await mutating.admit(request);
    if (request.told.reinvocations > 0) {
      request.round = 1;
      between(request.object as KubeObject);
      await mutating.admit(request as AdmissionAttributes);
    }
    return request;
  }

  const again: Partial<WebhookSpec> = { reinvocationPolicy: 'IfNeeded' };

  it('asks those who want it and have seen less than was changed', async () => {
    const late = await startWebhook(patching(label('late')));
    const first = webhookSpec(server, { ...again, name: 'first.x.io' });
    const request = await twoRounds([first, webhookSpec(late, { ...again, name: 'late.x.io' })]);
    expect([server.reviews.length, late.reviews.length]).toEqual([2, 1]);
    expect(request.told.annotations['mutation.webhook.admission.k8s.io/round_1_index_0']).toBe(
      '{"configuration":"changes","webhook":"first.x.io","mutated":false}',
    );
  });

  it('does not ask who does not want it', async () => {
    const late = await startWebhook(patching(label('late')));
    await twoRounds([webhookSpec(server), webhookSpec(late, again)]);
    expect([server.reviews.length, late.reviews.length]).toEqual([1, 1]);
  });

  it('is not needed when only the last one has changed something, or nobody', async () => {
    server.answer = patching(label('own'));
    const request = await twoRounds([webhookSpec(server, again)]);
    expect([server.reviews.length, request.told.reinvocations]).toEqual([1, 1]);
    server.answer = () => ({});
    expect((await twoRounds([webhookSpec(server, again)])).told.reinvocations).toBe(0);
  });

  it('asks everybody when other plugins have changed something meanwhile', async () => {
    server.answer = patching(label('own'));
    await twoRounds([webhookSpec(server, again)], (object) => {
      object.metadata.annotations = { other: 'plugin' };
    });
    expect(server.reviews).toHaveLength(2);
  });

  it('asks nobody who was not asked in the first', async () => {
    const second = await startWebhook();
    server.answer = patching(label('late'));
    const late = webhookSpec(second, { ...again, objectSelector: { matchLabels: { other: 'plugin' } } });
    await twoRounds([late, webhookSpec(server)], (object) => {
      object.metadata.labels = { other: 'plugin' };
    });
    expect(second.reviews).toHaveLength(0);
  });
});
