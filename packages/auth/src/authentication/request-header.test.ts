import { once } from 'node:events';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificatePort } from '../testing/certificate-port.js';
import { type Credential, issue } from '../testing/issue.js';
import { CertificateAuthorities } from './certificate-authorities.js';
import { CertificateVerifier } from './certificate-verifier.js';
import { RequestHeaderAuthenticator } from './request-header.js';

const names = {
  username: ['X-Remote-User', 'X-Other-User'],
  uid: ['X-Remote-Uid'],
  group: ['X-Remote-Group', 'X-Other-Group'],
  extraPrefixes: ['X-Remote-Extra-', 'X-Other-'],
};

let root: Credential;
let proxyRoot: Credential;
let proxy: Credential;
let port: CertificatePort;

beforeAll(async () => {
  root = await issue([{ CN: ['root'] }], undefined, 'ca');
  proxyRoot = await issue([{ CN: ['proxy root'] }], undefined, 'ca');
  proxy = await issue([{ CN: ['front-proxy'] }], proxyRoot);
  const verifier = new CertificateVerifier(new CertificateAuthorities(proxyRoot.cert));
  const allowing = (...allowed: string[]) => new RequestHeaderAuthenticator(verifier, allowed, names);
  const [some, any] = [allowing('front-proxy', 'other'), allowing()];
  port = await CertificatePort.listen([root, proxyRoot], (request) => (request.url === '/any' ? any : some).authenticate(request));
});
afterAll(() => port.close());

/** `headers` is a flat list of names and values: as they are sent. */
async function ask(credential: Credential | undefined, headers: readonly string[], path = '/'): Promise<unknown> {
  const socket = await port.dial(credential);
  try {
    const sent = httpRequest({
      createConnection: () => socket,
      path,
      headers: ['Host', 'x', ...headers] as unknown as OutgoingHttpHeaders,
    });
    const [response] = await once(sent.end(), 'response');
    return JSON.parse((await response.toArray()).join(''));
  } finally {
    socket.destroy();
  }
}

describe('headers of a front proxy', () => {
  it.each<[string, string[], unknown]>([
    ['a user alone', ['X-Remote-User', 'alice'], { name: 'alice', groups: [] }],
    ['in any case', ['x-rEmote-user', 'alice', 'X-REMOTE-GROUP', 'devs'], { name: 'alice', groups: ['devs'] }],
    [
      'the first user header that has a value',
      ['X-Other-User', 'bob', 'X-Remote-User', ''],
      { name: 'bob', groups: [], extra: { user: ['bob'] } },
    ],
    ['the first of several users', ['X-Remote-User', 'alice', 'X-Remote-User', 'bob'], { name: 'alice', groups: [] }],
    [
      'all groups, with what is in them',
      ['X-Other-Group', 'z', 'X-Remote-User', 'alice', 'X-Remote-Group', 'a, b', 'X-Remote-Group', '', 'X-Remote-Group', 'c'],
      { name: 'alice', groups: ['a, b', 'c', 'z'], extra: { group: ['z'] } },
    ],
    ['a uid', ['X-Remote-User', 'alice', 'X-Remote-Uid', 'u-1'], { name: 'alice', uid: 'u-1', groups: [] }],
    [
      'extras under their unescaped keys',
      [
        ...['X-Remote-User', 'alice', 'X-Remote-Extra-Scopes', 'read', 'X-Remote-Extra-Scopes', 'write'],
        ...['X-Remote-Extra-Acme.com%2FProject', 'p', 'X-Remote-Extra-50%', ''],
      ],
      { name: 'alice', groups: [], extra: { scopes: ['read', 'write'], 'acme.com/project': ['p'], '50%': [''] } },
    ],
    ['names that are not ASCII', ['X-Remote-User', Buffer.from('jörg').toString('latin1')], { name: 'jörg', groups: [] }],
  ])('tell %s', async (_, headers, user) => {
    expect(await ask(proxy, headers)).toEqual({ user });
  });

  it('are believed over HTTP/2 too', async () => {
    const socket = await port.dial(proxy, { ALPNProtocols: ['h2'] });
    const session = connectHttp2('https://127.0.0.1', { createConnection: () => socket });
    const sent = session.request({ ':path': '/', 'x-remote-user': 'alice', 'x-remote-group': ['a', 'b'] });
    expect(JSON.parse((await sent.setEncoding('utf8').toArray()).join(''))).toEqual({ user: { name: 'alice', groups: ['a', 'b'] } });
    session.destroy();
  });

  it.each([[[]], [['X-Remote-User', '']], [['X-Remote-Group', 'system:masters']]])('tell of nobody without a user: %j', async (headers) => {
    expect(await ask(proxy, headers)).toBeNull();
  });
});

describe('headers of others', () => {
  const headers = ['X-Remote-User', 'admin', 'X-Remote-Group', 'system:masters'];

  it('are not believed', async () => {
    expect(await ask(undefined, headers)).toBeNull();
    expect(await ask(await issue([{ CN: ['front-proxy'] }], root), headers)).toEqual({
      failure: expect.stringMatching(/failed: certificate signed by unknown authority$/),
    });
    expect(await ask(await issue([{ CN: ['front-proxy'] }], proxyRoot, 'server'), headers)).toEqual({
      failure: expect.stringMatching(/failed: INVALID_PURPOSE$/),
    });
    expect(await ask(await issue([{ CN: ['front-proxy'] }], proxyRoot, 'client', -0.5), headers)).toEqual({
      failure: expect.stringMatching(/failed: CERT_HAS_EXPIRED$/),
    });
  });

  it('are not believed of proxies with another name, unless there are no names', async () => {
    const stranger = await issue([{ CN: ['stranger'] }], proxyRoot);
    expect(await ask(stranger, headers)).toEqual({ failure: 'x509: subject with cn=stranger is not in the allowed list' });
    expect(await ask(stranger, headers, '/any')).toEqual({ user: { name: 'admin', groups: ['system:masters'] } });
  });
});
