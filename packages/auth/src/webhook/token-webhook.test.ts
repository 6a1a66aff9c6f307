import type { ServerResponse } from 'node:http';
import { type AuthenticationResult, RemoteServer } from '@keelson/machinery';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReviewWebhook } from '../testing/review-webhook.js';
import { TokenWebhook, type TokenWebhookOptions } from './token-webhook.js';

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), enabled: () => false };
const backoff = { firstPauseMs: 1, factor: 1, jitter: 0, attempts: 5 };
const version = 'authentication.k8s.io/v1';

interface Answer {
  readonly code?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

let webhook: ReviewWebhook;
let server: RemoteServer;

beforeAll(async () => {
  webhook = await ReviewWebhook.start(() => ({}));
  server = new RemoteServer(webhook.access);
});
afterAll(async () => {
  server.close();
  await webhook.close();
});
beforeEach(() => {
  webhook.received.length = 0;
});
afterEach(() => vi.clearAllMocks());

const review = (status: object, apiVersion = version): Answer => ({ body: { apiVersion, kind: 'TokenReview', status } });
const alice = { authenticated: true, user: { username: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } } };
const knownAlice = { name: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } };

function answerWith(answer: () => Answer): void {
  webhook.answer = (_, response) => {
    const told = answer();
    const { code = 200, headers = {}, body } = told;
    const type = { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' };
    return void response.writeHead(code, { ...type, ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

function ask(answer: Answer, wanted: string[] = [], options: Partial<TokenWebhookOptions> = {}): Promise<AuthenticationResult | undefined> {
  answerWith(() => answer);
  const tokens = new TokenWebhook({ server, version: 'v1', apiAudiences: ['api'], backoff, log, ...options });
  return tokens.authenticateToken('secret', wanted);
}

describe('a review', () => {
  it.each(['v1', 'v1beta1'] as const)('is asked for in %s', async (wanted) => {
    const apiVersion = `authentication.k8s.io/${wanted}`;
    expect(await ask(review(alice, apiVersion), ['api'], { version: wanted })).toEqual({ user: knownAlice, audiences: ['api'] });
    expect(webhook.received).toEqual([
      {
        path: '/review?timeout=30s',
        headers: expect.objectContaining({ 'content-type': 'application/json', accept: 'application/json, */*' }),
        client: 'apiserver',
        review: { kind: 'TokenReview', apiVersion, metadata: {}, spec: { token: 'secret', audiences: ['api'] }, status: { user: {} } },
      },
    ]);
  });

  it('tells of users that have nothing but a name', async () => {
    expect(await ask(review({ authenticated: true, user: { username: 'bob' } }))).toEqual({ user: { name: 'bob', groups: [] } });
  });

  it.each<[string[], string[] | undefined, string[] | undefined]>([
    [['api'], undefined, ['api']],
    [['vault'], undefined, undefined],
    [
      ['vault', 'x', 'y'],
      ['y', 'x'],
      ['y', 'x'],
    ],
    [['api'], ['vault'], undefined],
  ])('for %j that says %j is for %j', async (wanted, audiences, common) => {
    const result = await ask(review({ ...alice, ...(audiences && { audiences }) }), wanted);
    expect(result).toEqual(common && { user: knownAlice, audiences: common });
  });

  it('may know nobody, or say why', async () => {
    expect(await ask(review({ authenticated: false }))).toBeUndefined();
    expect(await ask(review({}))).toBeUndefined();
    await expect(ask(review({ authenticated: false, error: 'token is revoked' }))).rejects.toThrow(new Error('token is revoked'));
    expect(log.error).not.toHaveBeenCalled();
  });
});

describe('bad answers', () => {
  it.each<[Answer, string]>([
    [{ body: '<html>' }, "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct"],
    [review(alice, 'authentication.k8s.io/v1beta1'), 'converting (v1beta1.TokenReview) to (v1.TokenReview): unknown conversion'],
    [{ body: { apiVersion: 'v1', kind: 'Pod' } }, 'converting (v1.Pod) to (v1.TokenReview): unknown conversion'],
    [{ body: { apiVersion: version, kind: 'Pod' } }, 'no kind "Pod" is registered for version "authentication.k8s.io/v1"'],
    [
      review({ authenticated: 'yes' }),
      'json: cannot unmarshal string into Go struct field TokenReviewStatus.status.authenticated of type bool',
    ],
    [{ code: 401, body: 'no' }, 'the server has asked for the client to provide credentials'],
    [{ code: 404, body: '' }, 'the server could not find the requested resource'],
    [{ code: 503, body: '' }, 'the server is currently unable to handle the request'],
  ])('%j is not asked for again', async (answer, message) => {
    await expect(ask(answer)).rejects.toThrow(message);
    expect(webhook.received).toHaveLength(1);
    expect(log.error.mock.calls).toEqual([['Failed to make webhook authenticator request', { error: expect.any(Error) }]]);
  });

  it.each<[string, Answer]>([
    ['500', { code: 500, body: 'oops' }],
    ['504', { code: 504, body: '' }],
    ['429', { code: 429, body: '' }],
    ['a Status', { code: 500, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'InternalError', code: 500 } }],
  ])('%s is asked for again, five times in all', async (_, answer) => {
    await expect(ask(answer)).rejects.toThrow();
    expect(webhook.received.length).toBeGreaterThanOrEqual(5);
    webhook.received.length = 0;
    const tokens = new TokenWebhook({ server, version: 'v1', apiAudiences: [], backoff, log });
    answerWith(() => (webhook.received.length < 3 ? answer : review(alice)));
    expect(await tokens.authenticateToken('secret', [])).toEqual({ user: knownAlice });
  });

  it('503 is asked for again up to ten times when it says when, and that five times', async () => {
    const busy = { code: 503, headers: { 'retry-after': '0' }, body: '' };
    await expect(ask(busy)).rejects.toThrow('the server is currently unable to handle the request');
    expect(webhook.received).toHaveLength(11);
    webhook.received.length = 0;
    await expect(ask({ ...busy, code: 500 })).rejects.toThrow('an error on the server ("") has prevented the request from succeeding');
    expect(webhook.received).toHaveLength(55);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['none', (response) => response.socket?.destroy(), 'Post "URL?timeout=30s": EOF'],
    [
      'a part of one',
      (response) => response.writeHead(200, { 'content-length': '9' }).write('{', () => response.socket?.destroy()),
      'unexpected error when reading response body. Please retry. Original error: unexpected EOF',
    ],
  ])('%s is not asked for again', async (_, breakOff, message) => {
    const fresh = new RemoteServer(webhook.access);
    webhook.answer = (_, response) => void breakOff(response);
    const tokens = new TokenWebhook({ server: fresh, version: 'v1', apiAudiences: [], backoff, log });
    await expect(tokens.authenticateToken('secret', [])).rejects.toMatchObject({ message: message.replace('URL', webhook.url) });
    expect(webhook.received).toHaveLength(1);
    fresh.close();
  });
});

it('is not taken from a server of another authority', async () => {
  const stranger = new RemoteServer({ server: webhook.url, insecureSkipTlsVerify: false });
  await expect(ask(review(alice), [], { server: stranger })).rejects.toThrow('certificate signed by unknown authority');
  expect(webhook.received).toEqual([]);
  stranger.close();
});
