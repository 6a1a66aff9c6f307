import type { AuthorizationAttributes, UserInfo } from '@keelson/machinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Handler } from '../http/context.js';
import { replyJson } from '../http/reply.js';
import { type Answer, askHttp1, askHttp2, openHttp2, openTls, readToEnd } from '../http/testing/clients.js';
import { type RunningServer, startServer, stopServers } from '../http/testing/running-server.js';

/** Tells who the request is taken for, who asked, and which headers are left. */
const tellIdentity: Handler = (ctx) => {
  const { user, impersonator } = ctx.state;
  const left = Object.keys(ctx.req.headers).filter((name) => name.startsWith('impersonate-'));
  replyJson(ctx, 200, { user, ...(impersonator && { impersonator }), left, raw: ctx.req.rawHeaders.join().includes('mpersonate') });
  return undefined;
};

const admin: UserInfo = { name: 'admin', groups: ['admins'] };
let asked: string[] = [];
let refused: RegExp | undefined;
let server: RunningServer;

beforeEach(async () => {
  asked = [];
  refused = undefined;
  const authorize = ({ verb, apiGroup, apiVersion, namespace, resource, subresource, name, user }: AuthorizationAttributes) => {
    if (verb !== 'impersonate') return { decision: 'allow' } as const;
    const what = [apiGroup, apiVersion, namespace, resource, subresource, name].join('|');
    asked.push(`${user.name}: ${what}`);
    return refused?.test(what) ? ({ decision: 'noOpinion', reason: 'because' } as const) : ({ decision: 'allow' } as const);
  };
  server = await startServer(tellIdentity, { authenticator: { authenticate: () => ({ user: admin }) }, authorizer: { authorize } });
});
afterEach(stopServers);

const ask = (headers: Record<string, string | string[]>) => askHttp1(server.port, '/api/v1/pods', { headers });
const identity = ({ text }: Answer) => JSON.parse(text);
const untouched = { left: [], raw: false };

describe('impersonation', () => {
  it('is not asked about for those who want none', async () => {
    expect([identity(await ask({})), asked]).toEqual([{ user: admin, ...untouched }, []]);
  });

  it('needs leave for the user, each group, the uid and each extra value', async () => {
    const headers = {
      'Impersonate-User': 'bob',
      'Impersonate-Group': ['devs', 'ops, and more'],
      'Impersonate-Uid': '7',
      'Impersonate-Extra-Acme.com%2FProject': ['a', 'b'],
    };
    const user = {
      name: 'bob',
      uid: '7',
      groups: ['devs', 'ops, and more', 'system:authenticated'],
      extra: { 'acme.com/project': ['a', 'b'] },
    };
    expect(identity(await ask(headers))).toEqual({ user, impersonator: admin, ...untouched });
    expect(asked).toEqual([
      'admin: |||users||bob',
      'admin: |||groups||devs',
      'admin: |||groups||ops, and more',
      'admin: authentication.k8s.io|v1||userextras|acme.com/project|a',
      'admin: authentication.k8s.io|v1||userextras|acme.com/project|b',
      'admin: authentication.k8s.io|v1||uids||7',
    ]);
  });

  it('works over HTTP/2', async () => {
    const session = await openHttp2(server.port);
    const answer = await askHttp2(session, '/api/v1/pods', { headers: { 'impersonate-user': 'bob', 'impersonate-group': ['a', 'b'] } });
    expect(identity(answer).user).toEqual({ name: 'bob', groups: ['a', 'b', 'system:authenticated'] });
    session.destroy();
  });

  it.each<[string, Record<string, string>, string[], string]>([
    [
      'a service account, whose groups follow',
      { 'Impersonate-User': 'system:serviceaccount:ns:sa' },
      ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
      '||ns|serviceaccounts||sa',
    ],
    [
      'a service account with other groups',
      { 'Impersonate-User': 'system:serviceaccount:ns:sa', 'Impersonate-Group': 'g' },
      ['g', 'system:authenticated'],
      '||ns|serviceaccounts||sa',
    ],
    [
      'what only looks like one',
      { 'Impersonate-User': 'system:serviceaccount:Ns:sa' },
      ['system:authenticated'],
      '|||users||system:serviceaccount:Ns:sa',
    ],
    ['nobody', { 'Impersonate-User': 'system:anonymous' }, ['system:unauthenticated'], '|||users||system:anonymous'],
    [
      'a user said to be unauthenticated',
      { 'Impersonate-User': 'bob', 'Impersonate-Group': 'system:unauthenticated' },
      ['system:unauthenticated'],
      '|||users||bob',
    ],
    [
      'a user said to be authenticated',
      { 'Impersonate-User': 'bob', 'Impersonate-Group': 'system:authenticated' },
      ['system:authenticated'],
      '|||users||bob',
    ],
  ])('can be of %s', async (_, headers, groups, first) => {
    expect(identity(await ask(headers)).user).toEqual({ name: headers['Impersonate-User'], groups });
    expect(asked[0]).toBe(`admin: ${first}`);
  });

  it('is refused as a whole when a part of it is', async () => {
    refused = /groups/;
    const answer = await ask({ 'Impersonate-User': 'bob', 'Impersonate-Group': 'devs' });
    expect([answer.status, answer.headers['x-content-type-options'], identity(answer).message]).toEqual([
      403,
      'nosniff',
      'groups "devs" is forbidden: User "admin" cannot impersonate resource "groups" in API group "" at the cluster scope: because',
    ]);
  });

  it.each([
    [{ 'Impersonate-Group': ['a', 'b'] }, '{Group  a    } {Group  b    }'],
    [{ 'Impersonate-Uid': '1' }, '{UID  1  authentication.k8s.io/v1  }'],
    [{ 'Impersonate-Extra-A': '1', 'Impersonate-User': '' }, '{UserExtra  1  authentication.k8s.io/v1  a}'],
  ])('of nobody is an error: %j', async (headers, wanted) => {
    const answer = await ask(headers);
    const text = `Internal Server Error: "/api/v1/pods": requested [${wanted}] without impersonating a user\n`;
    expect([answer.status, answer.text, asked]).toEqual([500, text, []]);
  });

  it.each([{ 'Impersonate-User': '' }, { 'Impersonate-Uid': '' }, { 'Impersonate-Other': 'x' }])(
    'is nothing that is wanted by %j',
    async (headers) => {
      expect([identity(await ask(headers)), asked]).toEqual([{ user: admin, ...untouched }, []]);
    },
  );

  it('takes names as UTF-8', async () => {
    const name = Buffer.from('jörg').toString('latin1');
    expect(identity(await ask({ 'Impersonate-User': name })).user.name).toBe('jörg');
  });

  it('takes the first of several users', async () => {
    const socket = await openTls(server.port);
    socket.write('GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\nImpersonate-User: one\r\nImpersonate-User: two\r\n\r\n');
    expect(await readToEnd(socket)).toContain('"user":{"name":"one"');
  });
});
