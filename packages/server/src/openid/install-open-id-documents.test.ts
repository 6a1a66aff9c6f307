import { afterEach, expect, it } from 'vitest';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';
import { installOpenIdDocuments } from './install-open-id-documents.js';

afterEach(stopTestServers);

it('serves documents that may be kept for an hour', async () => {
  const { api, client } = await startTestServer();
  installOpenIdDocuments(api.paths, [
    { path: '/openid/v1/jwks', contentType: 'application/jwk-set+json', content: { keys: [{ kid: 'a' }] } },
  ]);
  for (const path of ['/openid/v1/jwks', '/openid/v1/jwks/']) {
    const { code, headers, text } = await client.get(path);
    expect([code, text]).toEqual([200, '{"keys":[{"kid":"a"}]}']);
    expect([headers['content-type'], headers['cache-control']]).toEqual(['application/jwk-set+json', 'public, max-age=3600']);
  }
  expect((await client.post('/openid/v1/jwks', {})).code).toBe(405);
  expect((await client.get('/')).json<{ paths: string[] }>().paths).toContain('/openid/v1/jwks');
});
