import { afterEach, describe, expect, it } from 'vitest';
import { kubectl } from '../testing/kubectl.js';
import { TestApiServer } from '../testing/test-api-server.js';

let server: TestApiServer | undefined;
afterEach(() => server?.stop());

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('passwords', () => {
  const files = { 'passwords.csv': 'secret,root,root-uid,system:masters\n' };

  it('are taken from --basic-auth-file', async () => {
    server = await TestApiServer.start(['--basic-auth-file={dir}/passwords.csv'], files);
    expect(await server.whoAmI({ headers: basic('root:secret') })).toEqual({
      username: 'root',
      uid: 'root-uid',
      groups: ['system:masters', 'system:authenticated'],
    });
    const refused = await server.ask('/api', { headers: basic('root:Secret') });
    expect([refused.code, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="kubernetes-master"']);
    const asRoot = await kubectl(server, '--username=root', '--password=secret', 'get', 'namespace', 'kube-system', '--output=name');
    expect(asRoot).toEqual({ code: 0, stdout: 'namespace/kube-system\n', stderr: '' });
  });

  it('are not looked at without it', async () => {
    server = await TestApiServer.start(['--anonymous-auth=false'], files);
    const refused = await server.ask('/api', { headers: basic('root:secret') });
    expect([refused.code, refused.headers['www-authenticate']]).toEqual([401, undefined]);
    const asRoot = await kubectl(server, '--username=root', '--password=secret', 'get', 'namespaces');
    expect([asRoot.code, asRoot.stdout]).toEqual([1, '']);
    expect(asRoot.stderr).toContain('error: You must be logged in to the server (');
  });
});

describe('tokens', () => {
  it('of the token file are for kubectl, too', async () => {
    server = await TestApiServer.start([]);
    const asAdmin = await kubectl(server, '--token=admin', 'get', 'namespace', 'kube-system', '--output=name');
    expect(asAdmin).toEqual({ code: 0, stdout: 'namespace/kube-system\n', stderr: '' });
    const asNobody = await kubectl(server, '--token=nobody', 'get', 'namespaces');
    expect([asNobody.code, asNobody.stdout]).toEqual([1, '']);
    expect(asNobody.stderr).toContain('error: You must be logged in to the server (');
  });

  it('to join with are secrets, and no longer good when these are gone', async () => {
    server = await TestApiServer.start(['--enable-bootstrap-token-auth']);
    const secrets = '/api/v1/namespaces/kube-system/secrets';
    const headers = bearer('admin');
    const secret = {
      metadata: { name: 'bootstrap-token-abcdef' },
      type: 'bootstrap.kubernetes.io/token',
      stringData: {
        'token-id': 'abcdef',
        'token-secret': '0123456789abcdef',
        'usage-bootstrap-authentication': 'true',
        'auth-extra-groups': 'system:bootstrappers:workers',
      },
    };
    const whoJoins = () => server?.whoAmI({ headers: bearer('abcdef.0123456789abcdef') });
    await expect.poll(async () => (await server?.ask('/api/v1/namespaces/kube-system', { headers }))?.code).toBe(200);
    expect(await whoJoins()).toBe(401);
    expect((await server.ask(secrets, { headers, body: secret })).code).toBe(201);
    await expect.poll(whoJoins).toEqual({
      username: 'system:bootstrap:abcdef',
      groups: ['system:bootstrappers', 'system:bootstrappers:workers', 'system:authenticated'],
    });
    expect((await server.ask(`${secrets}/bootstrap-token-abcdef`, { method: 'DELETE', headers })).code).toBe(200);
    await expect.poll(whoJoins).toBe(401);
  });
});
