import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { alwaysAllow, alwaysDeny } from './always.js';
import { PrivilegedGroupsAuthorizer } from './privileged-groups.js';
import { UnionAuthorizer } from './union.js';

function attributes(groups: readonly string[] = []): AuthorizationAttributes {
  return {
    user: { name: 'alice', groups },
    verb: 'get',
    resourceRequest: true,
    apiGroup: '',
    apiVersion: 'v1',
    resource: 'pods',
    subresource: '',
    namespace: 'default',
    name: 'web',
    path: '/api/v1/namespaces/default/pods/web',
  };
}

const says = (decision: AuthorizationDecision): Authorizer => ({ authorize: () => decision });
const saysLater = (decision: AuthorizationDecision): Authorizer => ({ authorize: async () => decision });
const fails: Authorizer = {
  authorize: () => {
    throw new Error('now');
  },
};
const failsLater: Authorizer = {
  authorize: async () => {
    throw new Error('later');
  },
};
const ask = (...authorizers: Authorizer[]) => new UnionAuthorizer(authorizers).authorize(attributes());

describe('a single authorizer', () => {
  it('allows or forbids everything', () => {
    expect(alwaysAllow.authorize(attributes())).toEqual({ decision: 'allow' });
    expect(alwaysDeny.authorize(attributes())).toEqual({ decision: 'noOpinion', reason: 'Everything is forbidden.' });
  });

  it('lets privileged groups do anything and says nothing of others', () => {
    const privileged = new PrivilegedGroupsAuthorizer(['system:masters']);
    expect(privileged.authorize(attributes(['devs', 'system:masters']))).toEqual({ decision: 'allow' });
    expect(privileged.authorize(attributes(['devs']))).toEqual({ decision: 'noOpinion' });
  });
});

describe('a union', () => {
  it('takes the first decision', async () => {
    expect(ask(says({ decision: 'noOpinion' }), says({ decision: 'deny', reason: 'no' }), alwaysAllow)).toEqual({
      decision: 'deny',
      reason: 'no',
    });
    await expect(ask(saysLater({ decision: 'noOpinion' }), alwaysAllow, fails)).resolves.toEqual({ decision: 'allow' });
    await expect(ask(alwaysDeny, saysLater({ decision: 'deny' }), alwaysAllow)).resolves.toEqual({ decision: 'deny' });
  });

  it('keeps the reasons when nobody decides', async () => {
    const one = { decision: 'noOpinion', reason: 'one' } as const;
    const two = { decision: 'noOpinion', reason: 'two' } as const;
    expect(ask()).toEqual({ decision: 'noOpinion' });
    expect(ask(says(one), says({ decision: 'noOpinion' }), says(two))).toEqual({ decision: 'noOpinion', reason: 'one\ntwo' });
    await expect(ask(saysLater(one), says(two))).resolves.toEqual({ decision: 'noOpinion', reason: 'one\ntwo' });
  });

  it('goes on after a failure, and tells of it when nobody decides', async () => {
    expect(ask(fails, alwaysAllow)).toEqual({ decision: 'allow' });
    await expect(ask(failsLater, fails, alwaysAllow)).resolves.toEqual({ decision: 'allow' });
    expect(ask(fails, alwaysDeny)).toEqual({ decision: 'noOpinion', reason: 'Everything is forbidden.', error: new Error('now') });
    await expect(ask(failsLater, says({ decision: 'noOpinion', error: 'said' }), fails)).resolves.toEqual({
      decision: 'noOpinion',
      error: new AggregateError([new Error('later'), 'said', new Error('now')], '[later, said, now]'),
    });
  });

  it('passes on what went wrong with the one that decides', () => {
    const allowed = { decision: 'allow', error: 'role not found' } as const;
    expect(ask(fails, says(allowed))).toBe(allowed);
  });
});
