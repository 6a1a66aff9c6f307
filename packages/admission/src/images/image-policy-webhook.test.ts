import type { AdmissionAttributes, ApiError } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { type Answer, WebhookServer } from '../testing/webhook-server.js';
import type { ImagePolicySettings } from './image-policy-settings.js';
import { ImagePolicyWebhook } from './image-policy-webhook.js';

let server: WebhookServer;
beforeAll(async () => {
  server = await WebhookServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  server.reviews.length = 0;
});

function answerWith(status: object, code = 200): Answer {
  return (_review, response) => {
    const review = { apiVersion: 'imagepolicy.k8s.io/v1alpha1', kind: 'ImageReview', spec: {}, status };
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(code === 200 ? review : {}));
    return undefined;
  };
}

/** From now on the webhook answers so. */
function answering(status: object, code = 200): void {
  server.answer = answerWith(status, code);
}

function webhook(settings: Partial<ImagePolicySettings> = {}, nowMs = () => 0, url = server.url): ImagePolicyWebhook {
  const { caBundle } = server;
  const access = { server: url, certificateAuthority: Buffer.from(caBundle, 'base64').toString(), insecureSkipTlsVerify: false };
  const usual = { kubeconfigFile: '', allowTtlMs: 5000, denyTtlMs: 1000, retryBackoffMs: 1, defaultAllow: false };
  return new ImagePolicyWebhook({ ...usual, ...settings }, access, hostOf().log, nowMs);
}

function pod(image = 'nginx', annotations: Record<string, string> = {}): core.v1.Pod {
  const containers = [{ name: 'c', image }];
  const spec = { initContainers: [{ name: 'i', image: 'init' }], containers, ephemeralContainers: [{ name: 'e', image: 'debug' }] };
  return { metadata: { name: 'web', namespace: 'a', annotations }, spec, status: {} } as unknown as core.v1.Pod;
}

async function judged(plugin: ImagePolicyWebhook, object = pod(), more: Partial<AdmissionAttributes> = {}) {
  const audit: Record<string, string> = {};
  const annotate = (key: string, value: string) => {
    audit[key] = value;
  };
  const error = (await failureOf(() => plugin.validate(attributes(pods, 'CREATE', object, { annotate, ...more })))) as ApiError | undefined;
  return { outcome: error?.message ?? 'admitted', audit };
}

const denied = 'pods "web" is forbidden:';

describe('ImagePolicyWebhook', () => {
  it('tells the webhook of the images, and of what is meant for it', async () => {
    answering({ allowed: true });
    const plugin = webhook();
    await judged(plugin, pod('nginx', { 'b.image-policy.k8s.io/x': '1', 'a.image-policy.k8s.io/y': '2', other: '3' }));
    await judged(plugin, pod(), { subresource: 'ephemeralcontainers' });
    await judged(plugin, pod(), { subresource: 'status' });
    await plugin.validate(attributes(target('', 'Service', 'services'), 'CREATE', pod()));
    const review = (spec: object) => ({
      kind: 'ImageReview',
      apiVersion: 'imagepolicy.k8s.io/v1alpha1',
      metadata: {},
      spec,
      status: { allowed: false },
    });
    const annotations = { 'a.image-policy.k8s.io/y': '2', 'b.image-policy.k8s.io/x': '1' };
    expect(server.reviews).toEqual([
      review({ containers: [{ image: 'nginx' }, { image: 'init' }], annotations, namespace: 'a' }),
      review({ containers: [{ image: 'debug' }], namespace: 'a' }),
    ]);
  });

  it('does what the webhook says', async () => {
    const plugin = webhook();
    answering({ allowed: true, auditAnnotations: { 'audit-required': 'yes' } });
    expect(await judged(plugin, pod('a'))).toEqual({
      outcome: 'admitted',
      audit: { 'imagepolicywebhook.image-policy.k8s.io/audit-required': 'yes' },
    });
    answering({ allowed: false });
    expect((await judged(plugin, pod('b'))).outcome).toBe(`${denied} one or more images rejected by webhook backend`);
    answering({ allowed: false, reason: 'unsigned', auditAnnotations: { why: 'unsigned' } });
    expect(await judged(plugin, pod('c'))).toEqual({
      outcome: `${denied} image policy webhook backend denied one or more images: unsigned`,
      audit: { 'imagepolicywebhook.image-policy.k8s.io/why': 'unsigned' },
    });
  });

  it('keeps answers for their time', async () => {
    let nowMs = 0;
    const plugin = webhook({}, () => nowMs);
    const asked = async (image: string) => {
      await judged(plugin, pod(image));
      return server.reviews.splice(0).length;
    };
    answering({ allowed: true });
    expect([await asked('good'), await asked('good')]).toEqual([1, 0]);
    answering({ allowed: false });
    expect([await asked('bad'), await asked('bad')]).toEqual([1, 0]);
    nowMs = 1000;
    expect([await asked('good'), await asked('bad')]).toEqual([0, 1]);
    nowMs = 5000;
    expect(await asked('good')).toBe(1);
    const forgetful = webhook({ denyTtlMs: 0 });
    for (const image of ['bad', 'bad']) await judged(forgetful, pod(image));
    expect(server.reviews).toHaveLength(2);
  });

  it('asks again when the webhook has a bad moment', async () => {
    const codes = [500, 429, 200];
    server.answer = (...asked) => answerWith({ allowed: true }, codes.shift())(...asked);
    expect([(await judged(webhook())).outcome, server.reviews.length]).toEqual(['admitted', 3]);
  });

  it('refuses without an answer, or admits where that is the default', async () => {
    const none = 'https://127.0.0.1:1/review';
    const refused = `${denied} Post "${none}": dial tcp 127.0.0.1:1: connect: connection refused`;
    expect(await judged(webhook({}, () => 0, none))).toEqual({ outcome: refused, audit: {} });
    expect(await judged(webhook({ defaultAllow: true }, () => 0, none))).toEqual({
      outcome: 'admitted',
      audit: { 'imagepolicywebhook.image-policy.k8s.io/failed-open': 'true' },
    });
    answering({}, 404);
    expect((await judged(webhook())).outcome).toBe(`${denied} the server could not find the requested resource`);
    answering({ allowed: 'yes' });
    expect((await judged(webhook())).outcome).toBe(
      `${denied} json: cannot unmarshal string into Go struct field ImageReviewStatus.status.allowed of type bool`,
    );
  });
});
