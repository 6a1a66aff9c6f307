import { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { secrets } from './secrets.js';

const { definition } = secrets;

function secret(json: string): core.v1.Secret {
  return core.v1.Secret.codec.fromJson(JSON.parse(json));
}

it('keeps what is written as text as data', () => {
  const given = secret('{"metadata":{"name":"s"},"data":{"a":"MQ==","b":"MQ=="},"stringData":{"b":"two","__proto__":"x"}}');
  definition.defaults?.(given);
  expect(Object.entries((given as core.v1.Secret).data ?? {})).toEqual([
    ['a', 'MQ=='],
    ['b', 'dHdv'],
    ['__proto__', 'eA=='],
  ]);
  expect(given.stringData).toBeUndefined();
  expect(given.type).toBe('Opaque');
});

it('demands what its type promises', () => {
  const given = secret('{"metadata":{"name":"s"},"type":"kubernetes.io/tls","data":{"tls.crt":""}}');
  expect(definition.validate?.(given, undefined, undefined as never).map(String)).toEqual(['data[tls.key]: Required value']);
});

it('does not change once it is immutable', () => {
  const old = secret('{"metadata":{"name":"s"},"immutable":true,"type":"Opaque","data":{"a":"MQ=="}}');
  const given = secret('{"metadata":{"name":"s"},"type":"Opaque","data":{"a":"Mg=="}}');
  expect(definition.validate?.(given, old, undefined as never).map(String)).toEqual([
    'immutable: Forbidden: field is immutable when `immutable` is set',
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});

it.each<[type: string, data: Record<string, string>, problems: string[]]>([
  ['dockercfg', { '.dockercfg': '{}' }, []],
  ['dockercfg', {}, ['data[.dockercfg]: Required value']],
  [
    'dockercfg',
    { '.dockercfg': '[]' },
    [
      'data[.dockercfg]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
  ],
  [
    'dockerconfigjson',
    { '.dockerconfigjson': '{' },
    ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
  ],
  ['ssh-auth', { 'ssh-privatekey': 'k' }, []],
  ['ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]: Required value']],
  ['basic-auth', { username: '' }, []],
  ['basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
])('of type %s with %j has the problems %j', (type, data, problems) => {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  expect(problemsOf(secrets, { type: `kubernetes.io/${type}`, data: encoded })).toEqual(problems);
});
