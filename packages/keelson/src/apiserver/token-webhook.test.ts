import { ReviewServer } from '@keelson/auth/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from './testing/kubectl.js';
import { TestApiServer } from './testing/test-api-server.js';

let webhook: ReviewServer;
let files: Readonly<Record<string, string>>;
let server: TestApiServer | undefined;

beforeAll(async () => {
  webhook = await ReviewServer.start();
  const { cert, key } = await webhook.client('apiserver');
  const kubeconfig = {
    clusters: [{ name: 'webhook', cluster: { server: `${webhook.url}/authenticate`, 'certificate-authority': 'webhook-ca.crt' } }],
    users: [{ name: 'apiserver', user: { 'client-certificate': 'webhook.crt', 'client-key': 'webhook.key' } }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'apiserver' } }],
    'current-context': 'webhook',
  };
  files = { 'webhook.yaml': JSON.stringify(kubeconfig), 'webhook-ca.crt': webhook.authority.cert, 'webhook.crt': cert, 'webhook.key': key };
});
afterAll(() => webhook.stop());
afterEach(async () => {
  await server?.stop();
  server = undefined;
  webhook.reviews.length = 0;
});

const whoIs = (token: string) => server?.whoAmI({ headers: { authorization: `Bearer ${token}` } });

/** Knows `good-<name>`. */
function answerIn(version: string): void {
  webhook.answer = ({ body }) => {
    const { token } = (body as { spec: { token: string } }).spec;
    const username = /^good-(.*)$/.exec(token)?.[1];
    const status = username === undefined ? { authenticated: false } : { authenticated: true, user: { username, groups: ['devs'] } };
    return { body: { apiVersion: `authentication.k8s.io/${version}`, kind: 'TokenReview', status } };
  };
}

describe('--authentication-token-webhook-config-file', () => {
  it('names a server that knows tokens', async () => {
    answerIn('v1beta1');
    server = await TestApiServer.start(['--authentication-token-webhook-config-file={dir}/webhook.yaml'], files);
    expect(await whoIs('good-alice')).toEqual({ username: 'alice', groups: ['devs', 'system:authenticated'] });
    expect(webhook.reviews).toEqual([
      expect.objectContaining({
        path: '/authenticate',
        client: 'apiserver',
        body: expect.objectContaining({ apiVersion: 'authentication.k8s.io/v1beta1', spec: { token: 'good-alice' } }),
      }),
    ]);
    expect(await whoIs('admin')).toMatchObject({ username: 'admin' });
    expect(webhook.reviews).toHaveLength(1);
    const asBob = await kubectl(server, '--token=good-bob', 'auth', 'whoami', '--output=jsonpath={.status.userInfo.username}');
    expect(asBob).toEqual({ code: 0, stdout: 'bob', stderr: '' });
  });

  it('is asked once for a token, known or not, while its answer is kept', async () => {
    answerIn('v1');
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
    const asked = webhook.reviews.map(({ body }) => (body as { spec: { token: string } }).spec);
    expect(asked.sort((one, other) => one.token.localeCompare(other.token))).toEqual([
      { token: 'bad', audiences: ['https://api'] },
      { token: 'good-alice', audiences: ['https://api'] },
    ]);
  });
});
