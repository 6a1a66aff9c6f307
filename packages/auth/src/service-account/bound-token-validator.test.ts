import type { KubeObject } from '@keelson/machinery';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, StoredObjects } from '../testing/stored-objects.js';
import { BoundTokenValidator } from './bound-token-validator.js';
import { registeredClaims } from './token-claims.js';
import type { TokenUse } from './token-use.js';

const nowSeconds = 1_700_000_000;
const secondsAgo = (seconds: number) => new Date((nowSeconds - seconds) * 1000).toISOString();
const subject = 'system:serviceaccount:ns:builder';
const account = { name: 'builder', uid: 'account-uid' };
const user = { name: subject, uid: 'account-uid', groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'] };

let objects: StoredObjects;
let uses: TokenUse[];

beforeEach(() => {
  objects = new StoredObjects();
  uses = [];
  put('serviceaccounts', account);
});

function put(resource: string, { name, uid }: { name: string; uid: string }, more: KubeObject['metadata'] = {}): void {
  const namespace = resource === 'nodes' ? {} : { namespace: 'ns' };
  objects.put(resource, { metadata: { name, uid, ...namespace, ...more } });
}

async function validate(own: object = {}, registered: object = {}): Promise<unknown> {
  const claims = { sub: subject, ...registered, 'kubernetes.io': { namespace: 'ns', serviceaccount: account, ...own } };
  const validator = new BoundTokenValidator(
    objects,
    (use) => uses.push(use),
    () => nowSeconds * 1000,
  );
  try {
    return await validator.validate('', registeredClaims(claims), claims);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the account', () => {
  it('is the user', async () => {
    expect(await validate()).toEqual({ user });
    expect(await validate({}, { jti: 'token-uid' })).toEqual({
      user: { ...user, extra: { 'authentication.kubernetes.io/credential-id': ['JTI=token-uid'] } },
    });
  });

  it('is found before the cache has heard of it', async () => {
    objects.unseen.add(keyOf('serviceaccounts', 'ns', 'builder'));
    expect(await validate()).toEqual({ user });
  });

  it('must be there, and the very same', async () => {
    put('serviceaccounts', { ...account, uid: 'another' });
    expect(await validate()).toBe('service account UID (another) does not match claim (account-uid)');
    objects.remove('serviceaccounts', 'ns', 'builder');
    expect(await validate()).toBe('serviceaccounts "builder" not found');
    expect(await validate({ serviceaccount: undefined })).toBe('serviceaccounts "" not found');
  });

  it('may be about to go, for a minute', async () => {
    put('serviceaccounts', account, { deletionTimestamp: secondsAgo(60) });
    expect(await validate()).toEqual({ user });
    put('serviceaccounts', account, { deletionTimestamp: secondsAgo(61) });
    expect(await validate()).toBe('service account ns/builder has been deleted');
  });
});

describe.each([
  ['pods', 'pod'],
  ['secrets', 'secret'],
  ['nodes', 'node'],
])('a token bound to one of the %s', (resource, kind) => {
  const bound = { name: 'bound', uid: 'bound-uid' };

  it('is good as long as that is there', async () => {
    expect(await validate({ [kind]: bound })).toBe('service account token has been invalidated');
    put(resource, bound);
    expect(await validate({ [kind]: bound })).toMatchObject({ user: { name: subject } });
    put(resource, bound, { deletionTimestamp: secondsAgo(60) });
    expect(await validate({ [kind]: bound })).toMatchObject({ user: { name: subject } });
    put(resource, bound, { deletionTimestamp: secondsAgo(61) });
    expect(await validate({ [kind]: bound })).toBe('service account token has been invalidated');
    put(resource, { ...bound, uid: 'another' });
    expect(await validate({ [kind]: bound })).toBe(`${kind} UID (another) does not match service account ${kind} ref claim (bound-uid)`);
  });
});

describe('the user', () => {
  const extra = async (own: object) => ((await validate(own)) as { user: { extra?: unknown } }).user.extra;
  const pod = { name: 'p', uid: 'pod-uid' };
  const node = { name: 'n', uid: 'node-uid' };
  const podExtra = { 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/pod-uid': ['pod-uid'] };

  it('tells the pod and its node, whether that is there or not', async () => {
    put('pods', pod);
    expect(await extra({ pod })).toEqual(podExtra);
    expect(await extra({ pod, node: { name: 'n' } })).toEqual({ ...podExtra, 'authentication.kubernetes.io/node-name': ['n'] });
    expect(await extra({ pod, node })).toEqual({
      ...podExtra,
      'authentication.kubernetes.io/node-name': ['n'],
      'authentication.kubernetes.io/node-uid': ['node-uid'],
    });
  });

  it('tells the node that the token is bound to, and no secret', async () => {
    put('nodes', node);
    put('secrets', { name: 's', uid: 'secret-uid' });
    expect(await extra({ node })).toEqual({
      'authentication.kubernetes.io/node-name': ['n'],
      'authentication.kubernetes.io/node-uid': ['node-uid'],
    });
    expect(await extra({ secret: { name: 's', uid: 'secret-uid' } })).toBeUndefined();
  });
});

describe('the time', () => {
  it.each([
    [{ nbf: nowSeconds + 61 }, 'service account token is not valid yet'],
    [{ exp: nowSeconds - 61 }, 'service account token has expired'],
    [{ iat: nowSeconds + 61 }, 'service account token is issued in the future'],
    [{ nbf: nowSeconds + 60, iat: nowSeconds + 60, exp: nowSeconds - 60 }, { user }],
  ])('must be one at which the token is good, give or take a minute %#', async (times, expected) => {
    expect(await validate({}, times)).toEqual(expected);
  });

  it('at which it should have been renewed is noted', async () => {
    expect(await validate({ warnafter: nowSeconds })).toEqual({ user });
    expect(await validate({ warnafter: nowSeconds - 5 })).toEqual({
      user,
      annotations: { 'authentication.k8s.io/stale-token': `subject: ${subject}, seconds after warning threshold: 5` },
    });
    expect(uses).toEqual(['valid', 'stale']);
  });
});

it('refuses claims of other types', async () => {
  expect(await validate({ pod: 'p' })).toBe('claim pod is not an object');
  expect(await validate({ namespace: 7 })).toBe('claim namespace is not a string');
  expect(await validate({ warnafter: 'soon' })).toBe('claim warnafter is not a number');
});
