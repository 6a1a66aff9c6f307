import 'reflect-metadata';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, describe, expect, it } from 'vitest';
import { parseVerificationKeys, VerificationKeys } from './verification-keys.js';

const dir = mkdtempSync(join(tmpdir(), 'keys-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const ec = curve('P-256');
const privatePem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1') => String(key.export({ format: 'pem', type: type as 'pkcs8' }));
const publicPem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'spki' }));
/** SHA-256 of the SubjectPublicKeyInfo, taken from the text of the file. */
const idOf = (pem: string) => {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
  return createHash('sha256').update(der).digest('base64url');
};

describe('parseVerificationKeys', () => {
  it('takes public keys, private keys and certificates, and names each by the hash of its public key', async () => {
    const usage = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(usage, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned({ keys, signingAlgorithm: usage });
    const pem = [publicPem(rsa.publicKey), privatePem(ec.privateKey, 'sec1'), certificate.toString('pem')].join('\n');
    expect(parseVerificationKeys(pem).map(({ id, algorithms: [algorithm], key }) => [id, algorithm, key.type])).toEqual([
      [idOf(publicPem(rsa.publicKey)), 'RS256', 'public'],
      [idOf(publicPem(ec.publicKey)), 'ES256', 'public'],
      [idOf(publicPem(createPublicKey(certificate.toString('pem')))), 'ES256', 'public'],
    ]);
  });

  it('knows the algorithms that fit a key', () => {
    const algorithms = (key: KeyObject) => parseVerificationKeys(publicPem(key))[0]?.algorithms;
    expect(algorithms(rsa.publicKey)).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
    expect(algorithms(curve('P-384').publicKey)).toEqual(['ES384']);
    expect(algorithms(curve('P-521').publicKey)).toEqual(['ES512']);
  });

  it('passes over blocks that are no keys', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(parseVerificationKeys(parameters + privatePem(ec.privateKey, 'sec1'))).toHaveLength(1);
  });

  it.each([
    ['', 'data does not contain any valid RSA or ECDSA public keys'],
    [publicPem(generateKeyPairSync('ed25519').publicKey), 'data does not contain any valid RSA or ECDSA public keys'],
    [publicPem(curve('secp256k1').publicKey), 'unknown private key curve, must be 256, 384, or 521'],
    [publicPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), 'an RSA key must have 2048 bits or more, not 1024'],
  ])('refuses other keys %#', (pem, problem) => {
    expect(() => parseVerificationKeys(pem)).toThrow(problem);
  });
});

describe('VerificationKeys', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };

  it('finds those that a token may be signed with', () => {
    const keys = VerificationKeys.fromFiles([file('rsa.pub', publicPem(rsa.publicKey)), file('ec.pub', publicPem(ec.publicKey))]);
    const [first, second] = keys.all;
    expect(keys.named(idOf(publicPem(ec.publicKey)))).toEqual([second]);
    expect(keys.named(undefined)).toEqual([first, second]);
    expect(keys.named('')).toEqual([first, second]);
    expect(keys.named('unknown')).toEqual([]);
  });

  it('says which file cannot be used', () => {
    const empty = file('empty.pub', 'nothing');
    expect(() => VerificationKeys.fromFiles([empty])).toThrow(
      `error reading public key file ${empty}: data does not contain any valid RSA or ECDSA public keys`,
    );
    expect(() => VerificationKeys.fromFiles([join(dir, 'missing')])).toThrow(
      `error reading public key file ${join(dir, 'missing')}: ENOENT: no such file or directory`,
    );
  });
});
