import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { AuthenticationRequest, TokenAuthenticator } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { AnonymousAuthenticator } from './anonymous.js';
import { AudienceAgnosticTokens } from './audience-agnostic-tokens.js';
import { AuthenticatorChain } from './authenticator-chain.js';
import { StaticTokenAuthenticator } from './static-tokens.js';

const tokens = StaticTokenAuthenticator.fromCsv('t1,alice,alice-uid,devs\n', 'tokens.csv', () => undefined);
const anonymous = new AnonymousAuthenticator();

function request(headers: Record<string, string> = {}, url = '/api'): AuthenticationRequest {
  return Object.assign(new IncomingMessage(new Socket()), { headers, url });
}

describe('bearer tokens', () => {
  const chain = new AuthenticatorChain({ tokens: [tokens], anonymous });

  it.each(['Bearer t1', 'bearer t1', '  BEARER t1 '])('are read from %j', (authorization) => {
    expect(chain.authenticate(request({ authorization }))).toEqual({
      user: { name: 'alice', uid: 'alice-uid', groups: ['devs', 'system:authenticated'] },
      freshUntilMs: Number.POSITIVE_INFINITY,
    });
  });

  it('are read as the UTF-8 that clients send', () => {
    const known = StaticTokenAuthenticator.fromCsv('schlüssel,alice,alice-uid\n', 'tokens.csv', () => undefined);
    const authorization = Buffer.from('Bearer schlüssel').toString('latin1');
    expect(new AuthenticatorChain({ tokens: [known] }).authenticate(request({ authorization }))).toMatchObject({ user: { name: 'alice' } });
  });

  it('give the same result each time', () => {
    const [first, second] = [1, 2].map(() => chain.authenticate(request({ authorization: 'Bearer t1' })));
    expect(first).toBe(second);
  });

  it('fail when wrong, anonymous or not', () => {
    const wrong = request({ authorization: 'Bearer nope' });
    expect(() => chain.authenticate(wrong)).toThrow('invalid bearer token');
    expect(() => new AuthenticatorChain({ tokens: [tokens] }).authenticate(wrong)).toThrow('invalid bearer token');
    expect(() => new AuthenticatorChain({ anonymous }).authenticate(wrong)).toThrow('invalid bearer token');
  });

  it('are tried in order, whether they must be waited for or not', async () => {
    const slow: TokenAuthenticator = {
      authenticateToken: async (token) => (token === 't2' ? { user: { name: 'bob', groups: [] } } : undefined),
    };
    const both = new AuthenticatorChain({ tokens: [slow, tokens], anonymous });
    await expect(both.authenticate(request({ authorization: 'Bearer t1' }))).resolves.toMatchObject({ user: { name: 'alice' } });
    await expect(both.authenticate(request({ authorization: 'Bearer t2' }))).resolves.toMatchObject({
      user: { name: 'bob', groups: ['system:authenticated'] },
    });
    await expect(both.authenticate(request({ authorization: 'Bearer t3' }))).rejects.toThrow('invalid bearer token');
    expect(both.authenticate(request())).toMatchObject({ user: { name: 'system:anonymous' } });
  });
});

describe('a token behind too many spaces', () => {
  it.each(['Bearer  t1', 'bearer   t1'])('is none, which is said: %j', (authorization) => {
    const chain = new AuthenticatorChain({ tokens: [tokens], anonymous });
    expect(chain.authenticate(request({ authorization }))).toEqual({
      user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
      warnings: ['the provided Authorization header contains extra space before the bearer token, and is ignored'],
    });
    expect(new AuthenticatorChain({ tokens: [tokens] }).authenticate(request({ authorization }))).toBeUndefined();
  });
});

describe('no credentials', () => {
  it.each([{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }])('%o', (headers) => {
    expect(new AuthenticatorChain({ tokens: [tokens], anonymous }).authenticate(request(headers))).toEqual({
      user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
    });
    expect(new AuthenticatorChain({ tokens: [tokens] }).authenticate(request(headers))).toBeUndefined();
  });

  it('can be let in on some paths only', () => {
    const chain = new AuthenticatorChain({ anonymous: new AnonymousAuthenticator(['/healthz', '/livez']) });
    expect(chain.authenticate(request({}, '/livez?verbose'))).toMatchObject({ user: { name: 'system:anonymous' } });
    expect(chain.authenticate(request({}, '/livez/etcd'))).toBeUndefined();
  });
});

describe('tokens of WebSocket clients', () => {
  const chain = new AuthenticatorChain({ tokens: [tokens], anonymous });
  const prefix = 'base64url.bearer.authorization.k8s.io.';
  const upgrade = (protocols: string) => request({ upgrade: 'WebSocket', 'sec-websocket-protocol': protocols });
  const encoded = Buffer.from('t1').toString('base64url');

  it('are read from the subprotocols, and removed', () => {
    const offer = upgrade(`v4.channel.k8s.io, ${prefix}${encoded},v5.channel.k8s.io`);
    offer.rawHeaders.push(
      'Sec-WebSocket-Protocol',
      'v4.channel.k8s.io',
      'A',
      'b',
      'Sec-Websocket-Protocol',
      `${prefix}${encoded},v5.channel.k8s.io`,
    );
    expect(chain.authenticate(offer)).toMatchObject({ user: { name: 'alice' } });
    expect(offer.headers['sec-websocket-protocol']).toBe('v4.channel.k8s.io,v5.channel.k8s.io');
    expect(offer.rawHeaders).toEqual(['A', 'b', 'sec-websocket-protocol', 'v4.channel.k8s.io,v5.channel.k8s.io']);
  });

  it.each([
    [`v4.channel.k8s.io,${prefix}bm9wZQ`, 'invalid bearer token'],
    [`v4.channel.k8s.io,${prefix}!`, 'invalid base64.bearer.authorization token encoding'],
    [`v4.channel.k8s.io,${prefix}YWJjZ`, 'invalid base64.bearer.authorization token encoding'],
    [`v4.channel.k8s.io,${prefix}_w`, 'invalid base64.bearer.authorization token'],
    [`${prefix}${encoded}`, 'missing additional subprotocol'],
    [`v4.channel.k8s.io,${prefix}${encoded},${prefix}${encoded}`, 'multiple base64.bearer.authorization tokens specified'],
  ])('%s fails', (protocols, message) => {
    expect(() => chain.authenticate(upgrade(protocols))).toThrow(new Error(message));
  });

  it('are of no use when empty', () => {
    expect(chain.authenticate(upgrade(`v4.channel.k8s.io,${prefix}`))).toMatchObject({ user: { name: 'system:anonymous' } });
  });

  it('are not read from other requests', () => {
    const plain = request({ 'sec-websocket-protocol': `v4.channel.k8s.io,${prefix}${encoded}` });
    expect(chain.authenticate(plain)).toMatchObject({ user: { name: 'system:anonymous' } });
    expect(chain.authenticate(upgrade('v4.channel.k8s.io'))).toMatchObject({ user: { name: 'system:anonymous' } });
  });
});

describe('tokens under review', () => {
  const bad: TokenAuthenticator = {
    authenticateToken: (token) => {
      if (token === 'old') throw new Error('token has expired');
      return undefined;
    },
  };
  const chain = new AuthenticatorChain({ tokens: [new AudienceAgnosticTokens(tokens, ['api']), bad], apiAudiences: ['api'], anonymous });

  it.each([[[]], [['vault', 'api']]])('are judged as those of requests are, for %j', (audiences) => {
    expect(chain.authenticateToken('t1', audiences)).toEqual({
      user: { name: 'alice', uid: 'alice-uid', groups: ['devs', 'system:authenticated'] },
      audiences: ['api'],
      freshUntilMs: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    ['t1', ['vault'], 'invalid bearer token'],
    ['nope', [], 'invalid bearer token'],
    [' t1', [], 'invalid bearer token'],
    ['old', [], '[invalid bearer token, token has expired]'],
  ])('%j for %j is refused', (token, audiences, message) => {
    expect(() => chain.authenticateToken(token, audiences)).toThrow(message);
  });
});
