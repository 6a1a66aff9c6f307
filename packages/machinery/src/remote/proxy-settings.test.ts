import { describe, expect, it } from 'vitest';
import { type Environment, proxyFor } from './proxy-settings.js';

const proxied = (url: string, environment: Environment) => proxyFor(new URL(url), environment)?.href;

describe('proxyFor', () => {
  it.each([
    ['https://a.example', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['https://a.example', { https_proxy: 'p:3128' }, 'http://p:3128/'],
    ['https://a.example', { HTTPS_PROXY: 'https://u:s@p' }, 'https://u:s@p/'],
    ['https://a.example', { HTTPS_PROXY: 'socks5://u:s@p' }, 'socks5://u:s@p'],
    ['https://a.example', { HTTPS_PROXY: 'socks5h://p:1' }, 'socks5h://p:1'],
    ['https://a.example', { HTTP_PROXY: 'http://p' }, undefined],
    ['http://a.example', { HTTPS_PROXY: 'http://p' }, undefined],
    ['http://a.example', { HTTPS_PROXY: 'http://p', HTTP_PROXY: 'http://q' }, 'http://q/'],
    ['http://a.example', { http_proxy: 'q:1', NO_PROXY: 'a.example:80' }, undefined],
    ['http://a.example:81', { http_proxy: 'q:1', NO_PROXY: 'a.example:80' }, 'http://q:1/'],
    ['https://localhost:6443', { HTTPS_PROXY: 'http://p' }, undefined],
    ['https://127.1.2.3', { HTTPS_PROXY: 'http://p' }, undefined],
    ['https://[::1]', { HTTPS_PROXY: 'http://p' }, undefined],
  ])('of %s with %j is %s', (url, environment, expected) => {
    expect(proxied(url, environment as Environment)).toBe(expected);
  });

  it.each([
    ['*', 'https://a.example', true],
    ['a.example', 'https://a.example', true],
    ['example', 'https://a.example', true],
    ['.example', 'https://a.example', true],
    ['*.example', 'https://a.example', true],
    ['.a.example', 'https://a.example', false],
    ['b.example, A.EXAMPLE', 'https://a.example', true],
    ['xample', 'https://a.example', false],
    ['a.example:443', 'https://a.example', true],
    ['a.example:8443', 'https://a.example', false],
    ['a.example:8443', 'https://a.example:8443', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/8', 'https://a.example', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['.svc,.cluster.local', 'https://web.shop.svc:443', true],
    ['', 'https://a.example', false],
  ])('%j excepts %s: %s', (excepted, url, expected) => {
    expect(proxied(url, { HTTPS_PROXY: 'http://p', no_proxy: excepted }) === undefined).toBe(expected);
  });

  it('is no proxy of another kind', () => {
    expect(() => proxied('https://a.example', { HTTPS_PROXY: 'socks4://p' })).toThrow('invalid proxy address "socks4://p"');
  });
});
