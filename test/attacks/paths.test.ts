import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;

beforeAll(async () => {
  server = await AttackedServer.start();
  const secret = { metadata: { name: 'crown' }, stringData: { jewels: 'real' } };
  await server.send({ method: 'POST', path: '/api/v1/namespaces/default/secrets', type: 'application/json', body: JSON.stringify(secret) });
});
afterAll(() => server?.stop());

/** Ways to write the path of a secret so that it might be taken for another one, or for none that needs rights. */
const tricks = [
  '/api/v1/namespaces/default/secrets/crown',
  '//api/v1/namespaces/default/secrets/crown',
  '/api//v1/namespaces/default/secrets/crown',
  '/api/v1/namespaces//default/secrets/crown',
  '/api/v1/namespaces/default/secrets//crown',
  '/api/v1/namespaces/default/secrets/crown/',
  '/./api/v1/namespaces/default/secrets/crown',
  '/healthz/../api/v1/namespaces/default/secrets/crown',
  '/version/../api/v1/namespaces/default/secrets/crown',
  '/api/v1/namespaces/default/configmaps/../secrets/crown',
  '/api/v1/namespaces/default/secrets/./crown',
  '/%61pi/v1/namespaces/default/secrets/crown',
  '/api%2fv1/namespaces/default/secrets/crown',
  '/api/v1/namespaces/default%2fsecrets/crown',
  '/api/v1/namespaces/default/secrets%2fcrown',
  '/api/v1/namespaces/default/%73ecrets/crown',
  '/healthz/%2e%2e/api/v1/namespaces/default/secrets/crown',
  '/healthz/..%2fapi/v1/namespaces/default/secrets/crown',
  '/api/v1/namespaces/default/configmaps/%2e%2e/secrets/crown',
  '/api/v1/namespaces/default/configmaps/..%2fsecrets%2fcrown',
  '/healthz;/../api/v1/namespaces/default/secrets/crown',
  '/api/v1/namespaces/default/secrets/crown?path=/healthz',
  '/api/v1/namespaces/default/secrets/crown#/healthz',
  '/api/v1/namespaces/default/secrets/crown%00',
  '\\api\\v1\\namespaces\\default\\secrets\\crown',
  '/api/v1/watch/namespaces/default/secrets/crown',
  '/api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3Dcrown',
  '/api/v1/secrets',
];

describe('whoever has no rights', () => {
  it.each(tricks)('reads no secret by %s', async (path) => {
    for (const as of ['alice', 'nobody'] as const) {
      const { code, body } = await server.send({ path, as });
      expect([400, 401, 403, 404]).toContain(code);
      expect(body.toString()).not.toContain(Buffer.from('real').toString('base64'));
    }
  });

  it('deletes nothing by another method or header', async () => {
    const path = '/api/v1/namespaces/default/secrets/crown';
    for (const headers of [{ 'X-HTTP-Method-Override': 'DELETE' }, { 'X-Original-URL': path }, { 'X-Rewrite-URL': path }]) {
      expect((await server.send({ path: '/version', as: 'alice', headers })).body.toString()).toContain('gitVersion');
      expect((await server.send({ method: 'POST', path, as: 'alice', headers })).code).toBe(403);
    }
    expect((await server.send({ path })).code).toBe(200);
  });
});

it('is the same path for authorization as for what is then served', async () => {
  // What the administrator can read by a trick is what the trick's own words say, and nothing else.
  const served: string[] = [];
  for (const path of tricks.filter((one) => !one.includes('/watch/')))
    if ((await server.send({ path })).body.includes(Buffer.from('real').toString('base64'))) served.push(path);
  for (const path of served) expect([path, (await server.send({ path, as: 'alice' })).code]).toEqual([path, 403]);
  expect(served).toContain('/api/v1/namespaces/default/secrets/crown');
});
