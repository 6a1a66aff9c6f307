import type { KubeObject } from '@keelson/machinery';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyOf, StoredObjects } from '../testing/stored-objects.js';
import { LegacyTokenValidator } from './legacy-token-validator.js';
import { registeredClaims } from './token-claims.js';
import type { TokenUse } from './token-use.js';

const token = 'head.claims.signature';
const subject = 'system:serviceaccount:ns:builder';
const user = { name: subject, uid: 'account-uid', groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'] };
const manual = { user, annotations: { 'authentication.k8s.io/legacy-token-manual-secret': 'builder-token' } };
const good = {
  sub: subject,
  'kubernetes.io/serviceaccount/namespace': 'ns',
  'kubernetes.io/serviceaccount/secret.name': 'builder-token',
  'kubernetes.io/serviceaccount/service-account.name': 'builder',
  'kubernetes.io/serviceaccount/service-account.uid': 'account-uid',
};

let objects: StoredObjects;
let uses: TokenUse[];
const logError = vi.fn();

beforeEach(() => {
  objects = new StoredObjects();
  uses = [];
  logError.mockClear();
  putAccount();
  putSecret();
});

function putAccount(metadata: KubeObject['metadata'] = {}, more: object = {}): void {
  objects.put('serviceaccounts', { metadata: { namespace: 'ns', name: 'builder', uid: 'account-uid', ...metadata }, ...more });
}

function putSecret(metadata: KubeObject['metadata'] = {}, data: object = { token: Buffer.from(token).toString('base64') }): void {
  objects.put('secrets', { metadata: { namespace: 'ns', name: 'builder-token', uid: 'secret-uid', ...metadata }, data } as KubeObject);
}

async function validate(claims: object = good, lookup = true): Promise<unknown> {
  const validator = new LegacyTokenValidator({
    objects,
    lookup,
    log: { error: logError, warn: vi.fn(), info: vi.fn(), enabled: () => false },
    onUse: (use) => uses.push(use),
    nowMs: () => Date.parse('2025-06-01T23:59:59Z'),
  });
  try {
    return await validator.validate(token, registeredClaims({ ...claims }), { ...claims });
  } catch (error) {
    return (error as Error).message;
  }
}

describe('claims', () => {
  it.each([
    ['sub', 'sub claim is missing'],
    ['kubernetes.io/serviceaccount/namespace', 'namespace claim is missing'],
    ['kubernetes.io/serviceaccount/secret.name', 'secretName claim is missing'],
    ['kubernetes.io/serviceaccount/service-account.name', 'serviceAccountName claim is missing'],
    ['kubernetes.io/serviceaccount/service-account.uid', 'serviceAccountUID claim is missing'],
  ])('must have %s', async (name, problem) => {
    expect(await validate({ ...good, [name]: undefined })).toBe(problem);
  });

  it('must be about one account', async () => {
    expect(await validate({ ...good, sub: 'system:serviceaccount:ns:admin' })).toBe('sub claim is invalid');
  });

  it('are believed where nothing is looked up', async () => {
    objects.remove('secrets', 'ns', 'builder-token');
    objects.remove('serviceaccounts', 'ns', 'builder');
    expect(await validate(good, false)).toEqual({ user });
  });
});

describe('the secret', () => {
  it('must be there, and have this very token', async () => {
    expect(await validate()).toEqual(manual);
    putSecret({}, { token: Buffer.from('head.claims.signaturf').toString('base64') });
    expect(await validate()).toBe("Token does not match server's copy");
    putSecret({}, {});
    expect(await validate()).toBe("Token does not match server's copy");
    putSecret({ deletionTimestamp: '2025-06-01T23:59:59Z' });
    expect(await validate()).toBe('Token has been invalidated');
    objects.remove('secrets', 'ns', 'builder-token');
    expect(await validate()).toBe('Token has been invalidated');
  });

  it('may be marked as invalid', async () => {
    putSecret({ labels: { 'kubernetes.io/legacy-token-invalid-since': '2025-05-01' } });
    expect(await validate()).toBe(
      "the token in secret ns/builder-token for service account ns/builder has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the 'kubernetes.io/legacy-token-invalid-since' label from the secret to temporarily allow use of this token",
    );
    expect(uses).toEqual(['invalidated']);
    expect(objects.updates).toEqual([keyOf('secrets', 'ns', 'builder-token')]);
  });
});

it('needs the very account', async () => {
  putAccount({ uid: 'another' });
  expect(await validate()).toBe('ServiceAccount UID (another) does not match claim (account-uid)');
  putAccount({ deletionTimestamp: '2025-06-01T23:59:59Z' });
  expect(await validate()).toBe('ServiceAccount ns/builder has been deleted');
  objects.remove('serviceaccounts', 'ns', 'builder');
  expect(await validate()).toBe('serviceaccounts "builder" not found');
});

it('warns of secrets that Kubernetes made', async () => {
  putAccount({}, { secrets: [{ name: 'other' }, { name: 'builder-token' }] });
  expect(await validate()).toEqual({
    user,
    annotations: { 'authentication.k8s.io/legacy-token-autogenerated-secret': 'builder-token' },
    warnings: [
      'Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.',
    ],
  });
  expect(uses).toEqual(['auto']);
});

describe('the use', () => {
  const lastUsed = () => objects.get('secrets', 'ns', 'builder-token')?.metadata.labels?.['kubernetes.io/legacy-token-last-used'];

  it('is noted in the secret, once a day', async () => {
    expect(await validate()).toEqual(manual);
    expect(lastUsed()).toBe('2025-06-01');
    await validate();
    putSecret({ labels: { 'kubernetes.io/legacy-token-last-used': '2025-06-02' } });
    await validate();
    expect([objects.updates.length, lastUsed()]).toEqual([1, '2025-06-02']);
    putSecret({ labels: { 'kubernetes.io/legacy-token-last-used': '2025-05-31', other: 'stays' } });
    await validate();
    expect(objects.get('secrets', 'ns', 'builder-token')?.metadata.labels).toEqual({
      'kubernetes.io/legacy-token-last-used': '2025-06-01',
      other: 'stays',
    });
    expect(uses).toEqual(['manual', 'manual', 'manual', 'manual']);
  });

  it('is good although it could not be noted', async () => {
    const failure = new Error('the store does not answer');
    vi.spyOn(objects, 'writer').mockReturnValue({ create: fail, update: () => Promise.reject(failure), updateStatus: fail });
    expect(await validate()).toEqual(manual);
    await vi.waitFor(() => expect(logError.mock.calls[0]?.[1]).toEqual({ secret: 'ns/builder-token', error: failure }));
  });
});

async function fail(): Promise<never> {
  throw new Error('nobody asks for that');
}
