import { type AuthenticationResult, RemoteServer } from '@keelson/machinery';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, ReviewServer } from '../testing/review-server.js';
import { TokenWebhook, type TokenWebhookOptions } from './token-webhook.js';

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), enabled: () => false };
const backoff = { firstPauseMs: 1, factor: 1, jitter: 0, attempts: 5 };
const version = 'authentication.k8s.io/v1';

let webhook: ReviewServer;
let server: RemoteServer;

beforeAll(async () => {
  webhook = await ReviewServer.start();
  server = new RemoteServer({
    server: `${webhook.url}/review`,
    insecureSkipTlsVerify: false,
    certificateAuthority: webhook.authority.cert,
  });
});
afterAll(async () => {
  server.close();
  await webhook.stop();
});
beforeEach(() => {
  webhook.reviews.length = 0;
});
afterEach(() => vi.clearAllMocks());

const review = (status: object, apiVersion = version): Answer => ({ body: { apiVersion, kind: 'TokenReview', status } });
const alice = { authenticated: true, user: { username: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } } };
const knownAlice = { name: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a', 'b'] } };

function ask(answer: Answer, wanted: string[] = [], options: Partial<TokenWebhookOptions> = {}): Promise<AuthenticationResult | undefined> {
  webhook.answer = () => answer;
  const tokens = new TokenWebhook({ server, version: 'v1', apiAudiences: ['api'], backoff, log, ...options });
  return tokens.authenticateToken('secret', wanted);
}

describe('a review', () => {
  it.each(['v1', 'v1beta1'] as const)('is asked for in %s', async (wanted) => {
    const apiVersion = `authentication.k8s.io/${wanted}`;
    expect(await ask(review(alice, apiVersion), ['api'], { version: wanted })).toEqual({ user: knownAlice, audiences: ['api'] });
    expect(webhook.reviews).toEqual([
      {
        path: '/review',
        headers: expect.objectContaining({ 'content-type': 'application/json', accept: 'application/json, */*' }),
        client: undefined,
        body: { kind: 'TokenReview', apiVersion, metadata: {}, spec: { token: 'secret', audiences: ['api'] }, status: { user: {} } },
      },
    ]);
  });

  it('tells of users that have nothing but a name', async () => {
    expect(await ask(review({ authenticated: true, user: { username: 'bob' } }))).toEqual({ user: { name: 'bob', groups: [] } });
  });

  it.each<[string[], string[] | undefined, string[] | undefined]>([
    [['api'], undefined, ['api']],
    [['vault'], undefined, undefined],
    [['vault', 'x'], ['x', 'y'], ['x']],
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
    expect(webhook.reviews).toHaveLength(1);
    expect(log.error.mock.calls).toEqual([['Failed to make webhook authenticator request', { error: expect.any(Error) }]]);
  });

  it.each<[string, Answer]>([
    ['500', { code: 500, body: 'oops' }],
    ['504', { code: 504, body: '' }],
    ['429', { code: 429, body: '' }],
    ['a Status', { code: 500, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'InternalError', code: 500 } }],
    ['a broken connection', undefined],
  ])('%s is asked for again, five times in all', async (_, answer) => {
    await expect(ask(answer)).rejects.toThrow();
    expect(webhook.reviews.length).toBeGreaterThanOrEqual(5);
    webhook.reviews.length = 0;
    const tokens = new TokenWebhook({ server, version: 'v1', apiAudiences: [], backoff, log });
    webhook.answer = () => (webhook.reviews.length < 3 ? answer : review(alice));
    expect(await tokens.authenticateToken('secret', [])).toEqual({ user: knownAlice });
  });

  it('503 is asked for again when it says when', async () => {
    webhook.answer = () => (webhook.reviews.length < 2 ? { code: 503, headers: { 'retry-after': '0.01' }, body: '' } : review(alice));
    const tokens = new TokenWebhook({ server, version: 'v1', apiAudiences: [], backoff, log });
    expect(await tokens.authenticateToken('secret', [])).toEqual({ user: knownAlice });
    expect(webhook.reviews).toHaveLength(2);
  });
});

it('is not taken from a server of another authority', async () => {
  const stranger = new RemoteServer({ server: webhook.url, insecureSkipTlsVerify: false });
  await expect(ask(review(alice), [], { server: stranger })).rejects.toThrow('certificate signed by unknown authority');
  expect(webhook.reviews).toEqual([]);
  stranger.close();
});
