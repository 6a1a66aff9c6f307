import { path } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { validateClientConfig, type WebhookClientConfig } from './client-config-validation.js';

const problems = (config: WebhookClientConfig) => validateClientConfig(config, path('clientConfig')).map(String);
const desired = '; desired format: https://host[/path]';

describe('a webhook at a URL', () => {
  it.each(['https://hook.example.com', 'HTTPS://10.0.0.1:8443/a/b', 'https://[::1]/a%20b'])('is in order: %s', (url) => {
    expect(problems({ url })).toEqual([]);
  });

  it.each<[url: string, ...string[]]>([
    ['https://h:x', `Required value: url must be a valid URL: parse "https://h:x": invalid port ":x" after host${desired}`],
    ['http://h', `Invalid value: "http": 'https' is the only allowed URL scheme${desired}`],
    ['', `Invalid value: "": 'https' is the only allowed URL scheme${desired}`, `Invalid value: "": host must be specified${desired}`],
    ['https:///path', `Invalid value: "": host must be specified${desired}`],
    ['https://me:secret@h', 'Invalid value: "me:secret": user information is not permitted in the URL'],
    [
      'https://h/p?a=b#c',
      'Invalid value: "c": fragments are not permitted in the URL',
      'Invalid value: "a=b": query parameters are not permitted in the URL',
    ],
  ])('is not: %s', (url, ...expected) => {
    expect(problems({ url })).toEqual(expected.map((problem) => `clientConfig.url: ${problem}`));
  });
});

describe('a webhook behind a service', () => {
  const service = { namespace: 'n', name: 'hook' };

  it.each(['/', '/a', '/a/b.c/', undefined])('is in order with path %s', (path) => {
    expect(problems({ service: { ...service, ...(path !== undefined && { path }) } })).toEqual([]);
  });

  const label = expect.stringContaining('a lowercase RFC 1123 subdomain must consist of');

  it.each<[path: string, ...unknown[]]>([
    ['//', 'Invalid value: "//": segment[0] may not be empty'],
    ['/a//b', 'Invalid value: "/a//b": segment[1] may not be empty'],
    ['xa', `Invalid value: "xa": must start with a '/'`],
  ])('is not with path %s', (path, ...expected) => {
    expect(problems({ service: { ...service, path } })).toEqual(expected.map((problem) => `clientConfig.service.path: ${problem}`));
  });

  it('is not with a path of what no name has', () => {
    expect(problems({ service: { ...service, path: '/a/B' } })).toEqual([label]);
  });

  it('has a name, a namespace and a port', () => {
    expect(problems({ service: { namespace: '', name: '', port: 65_536 } })).toEqual([
      'clientConfig.service.name: Required value',
      'clientConfig.service.namespace: Required value',
      'clientConfig.service.port: Invalid value: 65536: port is not valid: must be between 1 and 65535, inclusive',
    ]);
  });
});

it('is at one place', () => {
  const refused = ['clientConfig: Required value: exactly one of url or service is required'];
  expect(problems({})).toEqual(refused);
  expect(problems({ url: 'https://h', service: { namespace: 'n', name: 'hook' } })).toEqual(refused);
});
