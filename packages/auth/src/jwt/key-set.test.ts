import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import type { IssuerClient } from './issuer-client.js';
import { KeySet } from './key-set.js';

afterEach(() => vi.restoreAllMocks());

it('tries keys that came while a token was held against the old ones', async () => {
  const [first, second] = await Promise.all(['1', '2'].map(keyOf));
  let published = [first?.jwk];
  const get = vi.fn(async () => ({ code: 200, headers: {}, body: Buffer.from(JSON.stringify({ keys: published })) }));
  const keys = new KeySet({ get } as unknown as IssuerClient, 'https://issuer/keys');
  expect(await keys.verify(await tokenOf(first), 'ES256', '1')).toBeInstanceOf(Uint8Array);
  published = [second?.jwk];
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 5_000);
  const token = await tokenOf(second);
  // The first finds at once that no key has its name; the second is held against the old key, which takes longer.
  const both = [keys.verify(token, 'ES256', '2'), keys.verify(token, 'ES256', undefined)];
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(get).toHaveBeenCalledTimes(2);
});

interface Key {
  readonly jwk: JWK;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
}

async function keyOf(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid }, privateKey };
}

function tokenOf(key: Key | undefined): Promise<string> {
  if (key === undefined) throw new Error('no key');
  return new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(key.privateKey);
}
