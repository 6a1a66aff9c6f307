import { describe, expect, it } from 'vitest';
import { ClaimMapper } from './claim-mapper.js';

const claims = {
  sub: 'alice',
  jti: 'id-1',
  email: 'alice@example.com',
  email_verified: true,
  roles: 'admin,viewer',
  teams: ['a', '', 'b'],
  age: 7,
  org: { 'cost.center': 'x' },
};
const username = { expression: 'claims.sub' };
const credential = { 'authentication.kubernetes.io/credential-id': ['JTI=id-1'] };

const userOf = (mappings: object, more: object = {}) =>
  new ClaimMapper({ claimMappings: { username, ...mappings }, ...more }).userOf(claims);

describe('expressions', () => {
  it('make the user', () => {
    const mappings = {
      username: { expression: '"oidc:" + claims.email.split("@")[0] + (claims.?email_verified.orValue(false) ? "" : "?")' },
      groups: { expression: 'claims.roles.split(",")' },
      uid: { expression: 'string(claims.age)' },
      extra: [
        { key: 'example.com/teams', valueExpression: 'claims.teams' },
        { key: 'example.com/center', valueExpression: 'claims.org.cost__dot__center' },
        { key: 'example.com/none', valueExpression: '""' },
        { key: 'example.com/absent', valueExpression: 'claims.?absent.orValue([])' },
      ],
    };
    expect(userOf(mappings)).toEqual({
      name: 'oidc:alice',
      uid: '7',
      groups: ['admin', 'viewer'],
      extra: { ...credential, 'example.com/teams': ['a', 'b'], 'example.com/center': ['x'] },
    });
  });

  it.each([
    ['claims.teams', ['a', 'b']],
    ['claims.teams.filter(t, t != "a")', ['b']],
    ['claims.sub', ['alice']],
    ['null', []],
    ['""', []],
  ])('groups may be %s', (expression, groups) => {
    expect(userOf({ groups: { expression } }).groups).toEqual(groups);
  });

  const listNeeded = 'expression must return a string or a list of strings';

  it.each([
    [
      { username: { expression: 'claims.age' } },
      'oidc: error evaluating username claim expression: username claim expression must return a string',
    ],
    [
      { username: { expression: 'claims.missing' } },
      "oidc: error evaluating username claim expression: expression 'claims.missing' resulted in error: no such key: missing",
    ],
    [{ username: { expression: '""' } }, 'oidc: empty username via CEL expression is not allowed'],
    [{ groups: { expression: 'claims.age' } }, `oidc: error evaluating group claim expression: ${listNeeded}`],
    [{ groups: { expression: '[1]' } }, `oidc: error evaluating group claim expression: ${listNeeded}`],
    [{ uid: { expression: 'true' } }, 'oidc: error evaluating uid claim expression: uid claim expression must return a string'],
    [{ extra: [{ key: 'a.b/c', valueExpression: '1' }] }, `oidc: error evaluating extra claim expression: 1: ${listNeeded}`],
    [{ extra: [{ key: 'a.b/c', valueExpression: 'claims.x' }] }, "expression 'claims.x' resulted in error: no such key: x"],
  ])('%j fails', (mappings, message) => {
    expect(() => userOf(mappings)).toThrow(new Error(message));
  });
});

describe('rules', () => {
  const claimRules = (...claimValidationRules: object[]) => userOf({}, { claimValidationRules });
  const userRules = (...userValidationRules: object[]) => userOf({ groups: { expression: 'claims.teams' } }, { userValidationRules });

  it('that hold change nothing', () => {
    const alice = { name: 'alice', groups: [], extra: credential };
    expect(claimRules({ expression: 'claims.age == 7 && size(claims.teams) == 3' }, { claim: 'sub', requiredValue: 'alice' })).toEqual(
      alice,
    );
    expect(
      userRules(
        { expression: '!user.username.startsWith("system:")' },
        { expression: 'user.groups == ["a", "b"] && user.uid == ""' },
        { expression: 'user.extra["authentication.kubernetes.io/credential-id"] == ["JTI=id-1"]' },
      ),
    ).toEqual({ ...alice, groups: ['a', 'b'] });
  });

  it.each([
    [{ expression: 'claims.age > 8.0', message: 'too young' }, "validation expression 'claims.age > 8.0' failed: too young"],
    [{ expression: 'claims.age < 0' }, "validation expression 'claims.age < 0' failed: "],
    [{ expression: 'claims.x == 1' }, "expression 'claims.x == 1' resulted in error: no such key: x"],
  ])('of claims refuse by %j', (rule, message) => {
    expect(() => claimRules({ expression: 'true' }, rule)).toThrow(
      new Error(`oidc: error evaluating claim validation expression: ${message}`),
    );
  });

  it('of users refuse', () => {
    expect(() => userRules({ expression: 'user.username != "alice"', message: 'not her' })).toThrow(
      new Error('oidc: error evaluating user info validation rule: validation expression \'user.username != "alice"\' failed: not her'),
    );
  });
});
