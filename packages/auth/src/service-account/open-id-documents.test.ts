import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openIdDocuments } from './open-id-documents.js';
import { parseVerificationKeys, VerificationKeys } from './verification-keys.js';

const pairs = [generateKeyPairSync('ec', { namedCurve: 'P-384' }), generateKeyPairSync('rsa', { modulusLength: 2048 })];
const pems = pairs.map(({ publicKey }) => String(publicKey.export({ format: 'pem', type: 'spki' })));
const keys = new VerificationKeys(pems.flatMap(parseVerificationKeys));
const documents = (issuer: string, keySetUri?: string) => openIdDocuments({ issuer, keySetUri, externalAddress: '10.0.0.1:6443', keys });

describe('the configuration', () => {
  it('names the issuer, its keys and their algorithms', () => {
    expect(JSON.stringify(documents('https://issuer.example').configuration)).toBe(
      JSON.stringify({
        issuer: 'https://issuer.example',
        jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks',
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES384', 'RS256'],
      }),
    );
  });

  it('names another place of the keys when told to', () => {
    expect(documents('https://issuer.example', 'https://keys.example/set').configuration.jwks_uri).toBe('https://keys.example/set');
  });

  it.each([
    ['kubernetes', 'issuer URL must use https scheme, got: kubernetes'],
    ['http://issuer.example', 'issuer URL must use https scheme, got: http://issuer.example'],
    ['https://issuer.example?a=b', 'issuer URL may not include a query, got: https://issuer.example?a=b'],
    ['https://issuer.example#part', 'issuer URL may not include a fragment, got: https://issuer.example#part'],
  ])('there is none for %s', (issuer, problem) => {
    expect(() => documents(issuer)).toThrow(problem);
  });
});

it('publishes the keys, and nothing but what is public', () => {
  const set = (documents('https://issuer.example').keySet as { keys: (JsonWebKey & { kid: string })[] }).keys;
  expect(set.map((key) => Object.keys(key))).toEqual([
    ['use', 'kty', 'kid', 'crv', 'alg', 'x', 'y'],
    ['use', 'kty', 'kid', 'alg', 'n', 'e'],
  ]);
  expect(set.map(({ use, kty, alg, kid }) => [use, kty, alg, kid])).toEqual([
    ['sig', 'EC', 'ES384', keys.all[0]?.id],
    ['sig', 'RSA', 'RS256', keys.all[1]?.id],
  ]);
  expect(set.map((key) => String(createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' })))).toEqual(pems);
});
