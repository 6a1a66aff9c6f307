import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;

beforeAll(async () => {
  server = await AttackedServer.start();
  const secret = { metadata: { name: 'crown' }, stringData: { jewels: 'real' } };
  await server.send({ method: 'POST', path: '/api/v1/namespaces/default/secrets', type: 'application/json', body: JSON.stringify(secret) });
});
afterAll(() => server?.stop());

/**
 * Ways to write the path of a secret so that it might be taken for another one, or for none that needs rights, and the code that
 * who may do everything is answered with.
 */
const tricks: readonly (readonly [path: string, code: number])[] = [
  ['/api/v1/namespaces/default/secrets/crown', 200],
  ['//api/v1/namespaces/default/secrets/crown', 404],
  ['/api//v1/namespaces/default/secrets/crown', 404],
  ['/api/v1/namespaces//default/secrets/crown', 404],
  ['/api/v1/namespaces/default/secrets//crown', 404],
  ['/api/v1/namespaces/default/secrets/crown/', 200],
  ['/./api/v1/namespaces/default/secrets/crown', 404],
  ['/healthz/../api/v1/namespaces/default/secrets/crown', 404],
  ['/version/../api/v1/namespaces/default/secrets/crown', 404],
  ['/api/v1/namespaces/default/configmaps/../secrets/crown', 404],
  ['/api/v1/namespaces/default/secrets/./crown', 404],
  ['/%61pi/v1/namespaces/default/secrets/crown', 200],
  ['/api%2fv1/namespaces/default/secrets/crown', 200],
  ['/api/v1/namespaces/default%2fsecrets/crown', 200],
  ['/api/v1/namespaces/default/secrets%2fcrown', 200],
  ['/api/v1/namespaces/default/%73ecrets/crown', 200],
  ['/healthz/%2e%2e/api/v1/namespaces/default/secrets/crown', 404],
  ['/healthz/..%2fapi/v1/namespaces/default/secrets/crown', 404],
  ['/api/v1/namespaces/default/configmaps/%2e%2e/secrets/crown', 404],
  ['/api/v1/namespaces/default/configmaps/..%2fsecrets%2fcrown', 404],
  ['/healthz;/../api/v1/namespaces/default/secrets/crown', 404],
  ['/api/v1/namespaces/default/secrets/crown?path=/healthz', 200],
  ['/api/v1/namespaces/default/secrets/crown#/healthz', 404],
  ['/api/v1/namespaces/default/secrets/crown%00', 404],
  ['\\api\\v1\\namespaces\\default\\secrets\\crown', 400],
  ['/api/v1/watch/namespaces/default/secrets/crown', 200],
  ['/api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3Dcrown', 200],
  ['/api/v1/secrets', 200],
];
const jewels = Buffer.from('real').toString('base64');
/** No path at all, in HTTP/1.1. */
const isNoPath = (path: string) => !path.startsWith('/');

describe('whoever has no rights', () => {
  it.each(tricks)('reads no secret by %s', async (path) => {
    for (const as of ['alice', 'nobody'] as const) {
      const { code, body } = await server.send({ path, as });
      expect([as, code]).toEqual([as, isNoPath(path) ? 400 : 403]);
      expect(body.toString()).not.toContain(jewels);
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

describe('whoever has all rights', () => {
  it.each(tricks.filter(([path]) => !path.includes('/watch/')))('is answered to %s with %i', async (path, expected) => {
    const { code, body } = await server.send({ path });
    expect([code, body.includes(jewels)]).toEqual([expected, expected === 200]);
  });
});
