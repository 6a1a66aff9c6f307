import { afterEach, describe, expect, it } from 'vitest';
import { askHttp1 } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { failure, pods, status } from './testing/failure.js';

afterEach(stopServers);

describe('authorization', () => {
  const authenticator = { authenticate: () => ({ user: { name: 'alice', groups: ['devs'] } }) };

  it.each([
    [pods, 'GET', 'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "x"', { kind: 'pods' }],
    [
      '/api/v1/nodes/n',
      'GET',
      'nodes "n" is forbidden: User "alice" cannot get resource "nodes" in API group "" at the cluster scope',
      { kind: 'nodes', name: 'n' },
    ],
    [
      '/apis/apps/v1/namespaces/x/deployments/d/scale',
      'PATCH',
      'deployments.apps "d" is forbidden: User "alice" cannot patch resource "deployments/scale" in API group "apps" in the namespace "x"',
      { group: 'apps', kind: 'deployments', name: 'd' },
    ],
    ['/openid/v1/jwks', 'GET', 'forbidden: User "alice" cannot get path "/openid/v1/jwks"', {}],
  ])('refuses %s', async (path, method, message, details) => {
    const { port } = await startServer(answerOk, { authenticator, authorizer: { authorize: () => ({ decision: 'noOpinion' }) } });
    const answer = await askHttp1(port, path, { method });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(status(answer)).toEqual(failure(403, 'Forbidden', message, details));
  });

  it('says why, and lets no markup through', async () => {
    const authorizer = { authorize: async () => ({ decision: 'deny' as const, reason: 'RBAC: clusterrole "x" not found' }) };
    const { port } = await startServer(answerOk, { authenticator, authorizer });
    expect(status(await askHttp1(port, '/%3Cb%3E'))).toMatchObject({
      message: 'forbidden: User "alice" cannot get path "/&lt;b&gt;": RBAC: clusterrole "x" not found',
    });
  });

  it('answers 500 when it cannot decide', async () => {
    const authorizer = { authorize: () => Promise.reject(new Error('webhook is down')) };
    const { port } = await startServer(answerOk, { authenticator, authorizer });
    const answer = await askHttp1(port, '/x?a=1');
    expect([answer.status, answer.text]).toEqual([500, 'Internal Server Error: "/x?a=1": webhook is down\n']);
  });
});
