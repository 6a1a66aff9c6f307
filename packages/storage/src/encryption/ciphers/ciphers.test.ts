import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';
import { AesCbc } from './aes-cbc.js';
import { AesGcm } from './aes-gcm.js';
import { identity } from './identity.js';
import { PrefixedCiphers } from './prefixed-ciphers.js';
import { Secretbox } from './secretbox.js';

const key = '/registry/secrets/default/web';
const value = Buffer.from('k8s\0 and the rest of a secret');

const open = (cipher: ValueCipher, sealed: Uint8Array, at = key) => cipher.open(Buffer.from(sealed), at) as OpenedValue;
const seal = (cipher: ValueCipher, plain: Uint8Array = value) => Buffer.from(cipher.seal(plain, key) as Uint8Array);

const ciphers: [string, (secret: Buffer) => ValueCipher, readonly number[]][] = [
  ['AES-GCM', (secret) => new AesGcm(secret), [16, 24, 32]],
  ['AES-CBC', (secret) => new AesCbc(secret), [16, 24, 32]],
  ['secretbox', (secret) => new Secretbox(secret), [32]],
];

describe.each(ciphers)('%s', (_, make, sizes) => {
  it('opens what it has sealed, of any length and with a key of any size', () => {
    for (const size of sizes) {
      const cipher = make(randomBytes(size));
      for (const length of [0, 1, 15, 16, 17, 4096]) {
        const plain = randomBytes(length);
        expect(open(cipher, seal(cipher, plain))).toEqual({ value: plain, stale: false });
      }
    }
  });

  it('never seals in the same way twice', () => {
    const cipher = make(randomBytes(32));
    expect(seal(cipher).equals(seal(cipher))).toBe(false);
  });

  it('does not open what is too short', () => {
    expect(() => open(make(randomBytes(32)), Buffer.alloc(5))).toThrow('the stored data was shorter than the required size');
  });
});

describe('what a cipher is made of', () => {
  it('is nonce, ciphertext and tag for AES-GCM, with the key of the store authenticated', () => {
    const [secret, nonce] = [randomBytes(32), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(key));
    const sealed = Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    expect(open(new AesGcm(secret), sealed).value).toEqual(value);
    expect(() => open(new AesGcm(secret), sealed, '/registry/secrets/default/other')).toThrow('cipher: message authentication failed');
  });

  it('is vector and padded ciphertext for AES-CBC', () => {
    const [secret, vector] = [randomBytes(16), randomBytes(16)];
    const cipher = createCipheriv('aes-128-cbc', secret, vector);
    const sealed = Buffer.concat([vector, cipher.update(value), cipher.final()]);
    expect(open(new AesCbc(secret), sealed).value).toEqual(value);
    expect(() => open(new AesCbc(secret), sealed.subarray(0, -1))).toThrow('the stored data is not a multiple of the block size');
    expect(() => open(new AesCbc(secret), vector)).toThrow('invalid PKCS7 data (empty or not padded)');
    expect(() => open(new AesCbc(randomBytes(16)), sealed)).toThrow(/^invalid (padding on input|PKCS7 data)/);
  });

  it("is NaCl's secretbox: nonce, then its own published vector", () => {
    const secret = Buffer.from('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389', 'hex');
    const nonce = Buffer.from('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37', 'hex');
    const box = Buffer.from(
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5',
      'hex',
    );
    const message = Buffer.from(
      'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705',
      'hex',
    );
    expect(open(new Secretbox(secret), Buffer.concat([nonce, box])).value).toEqual(message);
    expect(() => open(new Secretbox(randomBytes(32)), Buffer.concat([nonce, box]))).toThrow(
      'output array was not large enough for encryption',
    );
  });
});

describe('PrefixedCiphers', () => {
  const [first, second] = [new AesGcm(randomBytes(32)), new AesGcm(randomBytes(32))];
  const named = (prefix: string, cipher: ValueCipher) => ({ prefix, cipher });
  const gcm = (...ciphers: ReturnType<typeof named>[]) => new PrefixedCiphers(ciphers, 'no matching key');

  it('seals with the first, and opens with whichever can, which is stale unless it is the first', () => {
    const old = gcm(named('a:', first));
    const both = gcm(named('b:', second), named('a:', first));
    expect(seal(both).subarray(0, 2).toString()).toBe('b:');
    expect(open(both, seal(both))).toEqual({ value, stale: false });
    expect(open(both, seal(old))).toEqual({ value, stale: true });
  });

  it('goes on when a key of the same name cannot open it', () => {
    const sealed = seal(gcm(named('a:', first)));
    expect(open(gcm(named('a:', second), named('a:', first)), sealed)).toEqual({ value, stale: true });
    expect(() => open(gcm(named('a:', second)), sealed)).toThrow('cipher: message authentication failed');
    expect(() => open(gcm(named('c:', second)), sealed)).toThrow('no matching key');
  });

  it('waits for those who have to fetch a key, and takes their failure for one', async () => {
    const fetching: ValueCipher = {
      open: async () => {
        throw new Error('no answer');
      },
      seal: async () => Buffer.from('sealed'),
    };
    const both = gcm(named('a:', fetching), named('a:', first));
    expect(Buffer.from(await both.seal(value, key)).toString()).toBe('a:sealed');
    expect(await both.open(seal(gcm(named('a:', first))), key)).toEqual({ value, stale: true });
    await expect(gcm(named('a:', fetching)).open(Buffer.from('a:x'), key)).rejects.toThrow('no answer');
  });

  it('reads values as they are where one cipher leaves them so, but takes no sealed one for such', () => {
    const leaving = gcm(named('k8s:enc:x:', first), named('', identity));
    expect(open(leaving, value)).toEqual({ value, stale: true });
    const joining = gcm(named('', identity), named('k8s:enc:x:', first));
    expect(seal(joining)).toEqual(value);
    expect(open(joining, seal(gcm(named('k8s:enc:x:', first))))).toEqual({ value, stale: true });
    expect(() => open(identity, Buffer.from('k8s:enc:x:...'))).toThrow('identity transformer tried to read encrypted data');
  });
});
