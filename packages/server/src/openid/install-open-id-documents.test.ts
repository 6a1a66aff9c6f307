import { afterEach, expect, it } from 'vitest';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';
import { installOpenIdDocuments } from './install-open-id-documents.js';

afterEach(stopTestServers);

it('serves documents as they are at present, which may be kept for a while', async () => {
  const { api, client } = await startTestServer();
  let kid = 'a';
  const text = () => `{"keys":[{"kid":"${kid}"}]}`;
  installOpenIdDocuments(api.paths, [{ path: '/openid/v1/jwks', contentType: 'application/jwk-set+json', text }], () => 3600);
  for (const path of ['/openid/v1/jwks', '/openid/v1/jwks/']) {
    const { code, headers, text } = await client.get(path);
    expect([code, text]).toEqual([200, '{"keys":[{"kid":"a"}]}']);
    expect([headers['content-type'], headers['cache-control']]).toEqual(['application/jwk-set+json', 'public, max-age=3600']);
  }
  kid = 'b';
  expect((await client.get('/openid/v1/jwks')).text).toBe('{"keys":[{"kid":"b"}]}');
  expect((await client.post('/openid/v1/jwks', {})).code).toBe(405);
  expect((await client.get('/')).json<{ paths: string[] }>().paths).toContain('/openid/v1/jwks');
});
