import { describe, expect, it } from 'vitest';
import { compile, type Program } from '../compile.js';
import { CLAIMS_ENVIRONMENT, USER_ENVIRONMENT } from './authentication.js';
import { claimsValue, mappedUserValue } from './claims-value.js';
import { unescapeName } from './escaped-name.js';
import { selectsField } from './selects-field.js';

function programOf(expression: string, environment = CLAIMS_ENVIRONMENT): Program {
  const { program, errors } = compile(expression, environment);
  if (program === undefined) throw new Error(errors);
  return program;
}

const claims = claimsValue({
  sub: 'alice',
  age: 7,
  nothing: null,
  'a.b': 'top',
  address: { 'zip.code': '1', namespace: 'n', list: [{ 'x-y': 2 }] },
  __proto__x: true,
});
const user = mappedUserValue({ name: 'alice', groups: ['devs'], extra: { 'example.com/a': ['1'] } });

describe('claims', () => {
  it.each([
    ['claims.sub', 'alice'],
    ['claims.age == 7', true],
    ['string(claims.age)', '7'],
    ['type(claims.age) == double', true],
    ['claims.nothing == null', true],
    ['has(claims.missing)', false],
    ['claims.?missing.orValue("none")', 'none'],
    ['claims["a.b"]', 'top'],
    ['has(claims.a__dot__b)', false],
    ['claims.address.zip__dot__code', '1'],
    ['claims.address.__namespace__', 'n'],
    ['claims.address.list[0].x__dash__y == 2.0', true],
    ['claims.address.list.all(e, "x-y" in e)', true],
    ['size(claims)', 6],
  ])('%s is %j', (expression, value) => {
    expect(programOf(expression).evaluate({ claims })).toMatchObject({ value });
  });

  it('that are missing are an error', () => {
    expect(programOf('claims.missing').evaluate({ claims })).toMatchObject({ error: 'no such key: missing' });
  });
});

describe('users', () => {
  it.each([
    ['user.username', 'alice'],
    ['user.uid', ''],
    ['user.groups.exists(g, g == "devs")', true],
    ['user.extra["example.com/a"][0]', '1'],
    ['user.extra.example__dot__com__slash__a[0]', '1'],
    ['user.groups.all(g, !g.startsWith("system:"))', true],
  ])('%s is %j', (expression, value) => {
    expect(programOf(expression, USER_ENVIRONMENT).evaluate({ user })).toMatchObject({ value });
  });
});

it.each([
  ['a__dot__b', 'a.b'],
  ['a__dash____slash__b', 'a-/b'],
  ['a__underscores__b', 'a__b'],
  ['__namespace__', 'namespace'],
  ['a__namespace__', undefined],
  ['__other__', undefined],
  ['plain_name', 'plain_name'],
])('%s stands for %j', (escaped, name) => expect(unescapeName(escaped)).toBe(name));

it.each([
  ['claims.email', true],
  ['claims.?email.orValue("x")', true],
  ['has(claims.email)', true],
  ['[1].map(x, {"a": claims.email})[0].a', true],
  ['claims.sub + "email"', false],
  ['claims.other.email', false],
  ['claims["email"]', false],
])('%s looks at the address: %j', (expression, looks) => {
  expect(selectsField(programOf(expression), 'claims', 'email')).toBe(looks);
});
