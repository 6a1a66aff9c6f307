import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BootstrapTokenAuthenticator } from './bootstrap-tokens.js';

const token = 'abcdef.0123456789abcdef';
const good = {
  'token-id': 'abcdef',
  'token-secret': '0123456789abcdef',
  'usage-bootstrap-authentication': 'true',
};

let why: unknown[];

function tokens(data: Record<string, string>, metadata: object = {}, type = 'bootstrap.kubernetes.io/token'): BootstrapTokenAuthenticator {
  const log = {
    error: vi.fn(),
    warn: vi.fn(),
    info: (_: number, __: string, fields?: object) => void why.push(fields),
    enabled: () => true,
  };
  const authenticator = new BootstrapTokenAuthenticator(log);
  authenticator.set({
    metadata: { namespace: 'kube-system', name: 'bootstrap-token-abcdef', ...metadata },
    type,
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  });
  return authenticator;
}

const user = (...groups: string[]) => ({ user: { name: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', ...groups] } });

beforeEach(() => {
  why = [];
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2025-06-01T12:00:00Z') });
});
afterEach(() => vi.useRealTimers());

it.each([
  [{}, user()],
  [{ expiration: '' }, user()],
  [{ expiration: '2025-06-01T14:00:01+02:00' }, user()],
  [
    { 'auth-extra-groups': 'system:bootstrappers:worker,system:bootstrappers:kubeadm:default-node-token,system:bootstrappers:worker' },
    user('system:bootstrappers:kubeadm:default-node-token', 'system:bootstrappers:worker'),
  ],
])('lets a good token in: %j', (more, expected) => {
  expect(tokens({ ...good, ...more }).authenticateToken(token)).toEqual(expected);
});

it.each<[string, Record<string, string>]>([
  ['token-secret is another', { 'token-secret': '0123456789abcdee' }],
  ['token-secret is another', { 'token-secret': '0123456789abcde' }],
  ['token-secret is another', { 'token-secret': '' }],
  ['token-id is another', { 'token-id': 'abcdeg' }],
  ['it has expired', { expiration: '2025-06-01T12:00:00Z' }],
  ['it has expired', { expiration: 'tomorrow' }],
  ['it has expired', { expiration: '2026' }],
  ['usage-bootstrap-authentication is not true', { 'usage-bootstrap-authentication': 'false' }],
  ['auth-extra-groups has "system:masters"', { 'auth-extra-groups': 'system:bootstrappers:a,system:masters' }],
  ['auth-extra-groups has "system:bootstrappers:a\\n"', { 'auth-extra-groups': 'system:bootstrappers:a\n' }],
  ['auth-extra-groups has ""', { 'auth-extra-groups': 'system:bootstrappers:a,' }],
])('refuses one because %s', (problem, more) => {
  expect(tokens({ ...good, ...more }).authenticateToken(token)).toBeUndefined();
  expect(why).toEqual([{ secret: 'kube-system/bootstrap-token-abcdef', why: problem }]);
});

it.each<[string, object, string?]>([
  ['it is being deleted', { deletionTimestamp: '2025-06-01T11:00:00Z' }],
  ['its type is not bootstrap.kubernetes.io/token', {}, 'Opaque'],
  ['there is no such secret', { name: 'bootstrap-token-abcdeg' }],
  ['there is no such secret', { namespace: 'default' }],
])('refuses one because %s', (problem, metadata, type) => {
  expect(tokens(good, metadata, type).authenticateToken(token)).toBeUndefined();
  expect(why).toEqual([{ secret: 'kube-system/bootstrap-token-abcdef', why: problem }]);
});

it('forgets deleted ones', () => {
  const authenticator = tokens(good);
  authenticator.delete({ metadata: { namespace: 'default', name: 'bootstrap-token-abcdef' } });
  expect(authenticator.authenticateToken(token)).toEqual(user());
  authenticator.delete({ metadata: { namespace: 'kube-system', name: 'bootstrap-token-abcdef' } });
  expect(authenticator.authenticateToken(token)).toBeUndefined();
});

it.each(['', 'abcdef', 'abcdef.0123456789abcdef\n', 'ABCDEF.0123456789abcdef', 'x.abcdef.0123456789abcdef'])(
  'does not know %j',
  (other) => {
    expect(tokens(good).authenticateToken(other)).toBeUndefined();
    expect(why).toEqual([]);
  },
);
