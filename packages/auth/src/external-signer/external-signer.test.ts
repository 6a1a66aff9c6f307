import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { SampleSigner } from '../testing/sample-signer.js';
import { ExternalKeys } from './external-keys.js';
import { ExternalSigner } from './external-signer.js';
import { SignerClient } from './signer-client.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function running(prepare: (signer: SampleSigner) => void = () => undefined) {
  const dir = await mkdtemp(join(tmpdir(), 'signer-'));
  ends.push(() => rm(dir, { recursive: true }));
  const sample = new SampleSigner();
  prepare(sample);
  await sample.listen(join(dir, 's.sock'));
  ends.push(() => sample.stop());
  const seen: string[] = [];
  const observer = {
    onCall: (method: string, code: string) => void seen.push(`${method} ${code}`),
    onSign: (code: string) => void seen.push(`sign ${code}`),
    onFetch: (code: string, dataSeconds?: number) => void seen.push(`fetch ${code} ${dataSeconds ?? ''}`.trim()),
  };
  const errors: string[] = [];
  const log = { error: (text: string) => void errors.push(text), warn: () => undefined, info: () => undefined, enabled: () => false };
  const calls = new SignerClient(join(dir, 's.sock'), observer);
  ends.push(() => calls.close());
  const keys = new ExternalKeys({ calls, observer, log });
  ends.push(() => keys.close());
  return { sample, seen, errors, keys, calls, signer: new ExternalSigner({ calls, keys, observer }) };
}

const base64 = (text: string) => Buffer.from(text).toString('base64url');
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.message,
  );

describe('ExternalSigner', () => {
  it('makes tokens of claims, which the keys verify that the signer tells of', async () => {
    const { signer, keys, seen } = await running();
    await keys.start();
    const token = await signer.sign({ iss: 'https://i', aud: ['a'] });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: 'key-1', typ: 'JWT' });
    const [key] = await keys.named('key-1');
    if (key === undefined) throw new Error('there is no such key');
    const { payload } = await compactVerify(token, key.key, { algorithms: [...key.algorithms] });
    expect(new TextDecoder().decode(payload)).toBe('{"iss":"https://i","aud":["a"]}');
    expect(seen).toEqual(['/v1.ExternalJWTSigner/FetchKeys OK', 'fetch OK 1700000001', '/v1.ExternalJWTSigner/Sign OK', 'sign OK']);
  });

  it.each([
    ['bad type', { header: { typ: 'jwt' } }],
    ['key id missing', { header: { kid: '' } }],
    ['key id longer than 1 kb', { header: { kid: 'k'.repeat(1025) } }],
    ['bad signing algorithm "HS256"', { header: { alg: 'HS256' } }],
    ['bad signing algorithm "none"', { header: { alg: 'none' } }],
    ['while parsing header JSON: json: unknown field "jku"', { header: { jku: 'https://evil.example' } }],
    ['while parsing header JSON: json: cannot unmarshal number into Go struct field .kid of type string', { header: { kid: 1 } }],
    ['while unwrapping header: illegal base64 data at input byte 2', { answer: { header: 'e3=' } }],
    ['while unwrapping header: illegal base64 data at input byte 4', { answer: { header: 'e30ae' } }],
    ['while parsing header JSON: json: cannot unmarshal into a header', { answer: { header: base64('[]') } }],
  ])('refuses to pass on a header with %s', async (problem, answers) => {
    const { signer, keys, sample, seen } = await running();
    await keys.start();
    Object.assign(sample, answers);
    expect(await problemOf(signer.sign({}))).toBe(`while validating header: ${problem}`);
    expect(seen.at(-1)).toBe('sign unknown-non-grpc');
  });

  it('refuses a token without a signature, or by a key that others do not learn of', async () => {
    const { signer, keys, sample } = await running();
    await keys.start();
    sample.answer = { signature: '' };
    expect(await problemOf(signer.sign({}))).toBe('empty signature returned');
    sample.answer = {};
    sample.rotate(false);
    expect(await problemOf(signer.sign({}))).toBe(
      'while validating header: key used for signing JWT (kid: key-2) is excluded from OIDC discovery docs',
    );
  });

  it('tells what the signer refuses', async () => {
    const { signer, sample, seen } = await running();
    sample.failSigning = Object.assign(new Error(), { code: 7, details: 'not today' });
    expect(await problemOf(signer.sign({}))).toBe('while signing jwt: rpc error: code = PermissionDenied desc = not today');
    expect(seen.slice(-2)).toEqual(['/v1.ExternalJWTSigner/Sign PermissionDenied', 'sign PermissionDenied']);
  });
});

describe('ExternalKeys', () => {
  it('asks for a key that a token names and nobody knows, once for all that wait', async () => {
    const { sample, keys } = await running();
    await keys.start();
    let changes = 0;
    keys.onChange(() => changes++);
    sample.rotate();
    const found = await Promise.all([keys.named('key-2'), keys.named('key-2'), keys.named('key-2')]);
    expect(found.map((each) => each.map(({ id }) => id))).toEqual([['key-2'], ['key-2'], ['key-2']]);
    expect([sample.calls.FetchKeys, changes]).toEqual([2, 1]);
    expect(await keys.named('never')).toEqual([]);
    expect([sample.calls.FetchKeys, changes]).toEqual([3, 1]);
    expect(keys.all.map(({ id, algorithms }) => [id, ...algorithms])).toEqual([
      ['key-1', 'ES256'],
      ['key-2', 'ES256'],
    ]);
  });

  it('asks again when the signer has said, and keeps what it knows while that fails', async () => {
    const { sample, keys, errors } = await running((signer) => {
      signer.refreshHintSeconds = 1;
    });
    await keys.start();
    expect(keys.maxAgeSeconds).toBeLessThanOrEqual(1);
    sample.rotate(false);
    await expect
      .poll(() => keys.all.map(({ id, unpublished = false }) => [id, unpublished]), { timeout: 20_000 })
      .toEqual([
        ['key-1', false],
        ['key-2', true],
      ]);
    sample.failure = new Error('the vault is closed');
    await expect.poll(() => errors, { timeout: 20_000 }).toContain('cannot fetch the keys of the external signer, the last ones stay');
    expect(await keys.named('key-3')).toEqual([]);
    expect(errors.at(-1)).toBe('cannot fetch the keys of the external signer');
    expect((await keys.named('key-1')).length).toBe(1);
    expect(keys.maxAgeSeconds).toBe(0);
  });

  it.each([
    ['found invalid refresh hint (0s)', { refreshHintSeconds: 0 }],
    ['found no keys', { keys: [] }],
    ['invalid data timestamp: proto: invalid nil Timestamp', { dataTimestamp: null }],
    ['invalid data timestamp: proto: timestamp (seconds:1 nanos:-1) has out-of-range nanos', { dataTimestamp: { seconds: 1, nanos: -1 } }],
    ['found invalid public key id ""', { keys: [{ keyId: '', key: Buffer.of(1), excludeFromOidcDiscovery: false }] }],
    ['found empty public key', { keys: [{ keyId: 'k', key: Buffer.of(), excludeFromOidcDiscovery: false }] }],
  ])('refuses an answer: %s', async (problem, answer) => {
    const { sample, keys, seen } = await running();
    sample.keySet = answer;
    expect(await problemOf(keys.start())).toBe(`while fetching token verification keys: ${problem}`);
    expect(seen.at(-1)).toBe('fetch unknown-non-grpc');
  });

  it('refuses what is no key, and tells that the signer does not answer', async () => {
    const { sample, keys } = await running();
    sample.keySet = { keys: [{ keyId: 'k', key: Buffer.from('key'), excludeFromOidcDiscovery: false }] };
    expect(await problemOf(keys.start())).toMatch(/^while fetching token verification keys: while parsing external public keys: ./);
    sample.failure = Object.assign(new Error(), { code: 14, details: 'starting' });
    expect(await problemOf(keys.start())).toBe(
      'while fetching token verification keys: while getting externally supported jwt signing keys: rpc error: code = Unavailable desc = starting',
    );
  });
});
