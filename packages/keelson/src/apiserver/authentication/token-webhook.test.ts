import { type ReceivedReview, ReviewWebhook } from '@keelson/auth/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../testing/kubectl.js';
import { TestApiServer } from '../testing/test-api-server.js';

let webhook: ReviewWebhook;
let files: Readonly<Record<string, string>>;
let server: TestApiServer | undefined;

beforeAll(async () => {
  webhook = await ReviewWebhook.start(statusOf);
  files = { 'webhook.yaml': webhook.kubeconfig };
});
afterAll(() => webhook.close());
afterEach(async () => {
  await server?.stop();
  server = undefined;
  webhook.received.length = 0;
});

/** Knows `good-<name>`. */
function statusOf({ spec }: ReceivedReview): object {
  const username = /^good-(.*)$/.exec(String(spec.token))?.[1];
  return username === undefined ? { authenticated: false } : { authenticated: true, user: { username, groups: ['devs'] } };
}

const whoIs = (token: string) => server?.whoAmI({ headers: { authorization: `Bearer ${token}` } });

describe('--authentication-token-webhook-config-file', () => {
  it('names a server that knows tokens', async () => {
    server = await TestApiServer.start(['--authentication-token-webhook-config-file={dir}/webhook.yaml'], files);
    expect(await whoIs('good-alice')).toEqual({ username: 'alice', groups: ['devs', 'system:authenticated'] });
    expect(webhook.received).toEqual([
      expect.objectContaining({
        path: '/review?timeout=30s',
        client: 'apiserver',
        review: expect.objectContaining({ apiVersion: 'authentication.k8s.io/v1beta1', spec: { token: 'good-alice' } }),
      }),
    ]);
    expect(await whoIs('admin')).toMatchObject({ username: 'admin' });
    expect(webhook.received).toHaveLength(1);
    const asBob = await kubectl(server, '--token=good-bob', 'auth', 'whoami', '--output=jsonpath={.status.userInfo.username}');
    expect(asBob).toEqual({ code: 0, stdout: 'bob', stderr: '' });
  });

  it('is asked once for a token, known or not, while its answer is kept', async () => {
    server = await TestApiServer.start(
      [
        ...['--authentication-token-webhook-config-file={dir}/webhook.yaml', '--authentication-token-webhook-version=v1'],
        ...[
          '--service-account-issuer=https://api',
          '--service-account-signing-key-file={dir}/sa.key',
          '--service-account-key-file={dir}/sa.key',
        ],
      ],
      { ...files, 'sa.key': webhook.authority.key },
    );
    const answers = await Promise.all([1, 2, 3].flatMap(() => [whoIs('good-alice'), whoIs('bad')]));
    const alice = { username: 'alice', groups: ['devs', 'system:authenticated'] };
    expect(answers).toEqual([alice, 401, alice, 401, alice, 401]);
    const asked = webhook.received.map(({ review }) => review.spec);
    expect(asked.sort((one, other) => String(one.token).localeCompare(String(other.token)))).toEqual([
      { token: 'bad', audiences: ['https://api'] },
      { token: 'good-alice', audiences: ['https://api'] },
    ]);
  });
});
