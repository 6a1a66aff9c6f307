import { describe, expect, it } from 'vitest';
import { GoUrl, UrlError } from './go-url.js';

describe('a URL', () => {
  it('has its parts', () => {
    const url = GoUrl.parse('HTTPS://me:secret@[fd00::1]:8443/a%2Fb/c?x=1&x=2+3&y&z=%zz#at%20the%20end') as GoUrl;
    expect({ ...url }).toEqual({
      scheme: 'https',
      user: 'me:secret',
      host: '[fd00::1]:8443',
      path: '/a/b/c',
      rawPath: '/a%2Fb/c',
      query: 'x=1&x=2+3&y&z=%zz',
      fragment: 'at the end',
    });
    expect([url.hostname, url.port, url.escapedPath]).toEqual(['fd00::1', '8443', '/a%2Fb/c']);
    expect(url.queryValues).toEqual(
      new Map([
        ['x', ['1', '2 3']],
        ['y', ['']],
      ]),
    );
  });

  it.each([
    ['//host/path', { scheme: '', host: 'host', path: '/path' }],
    ['///path', { host: '', path: '///path' }],
    ['path/more', { host: '', path: 'path/more' }],
    ['', { path: '' }],
    ['mailto:somebody', { scheme: 'mailto', path: '' }],
    ['https:', { scheme: 'https', host: '' }],
  ])('may be relative, or opaque: %s', (text, parts) => {
    expect(GoUrl.parse(text)).toMatchObject(parts);
  });

  it.each([
    [':', 'parse ":": missing protocol scheme'],
    ['1:2', 'parse "1:2": first path segment in URL cannot contain colon'],
    ['https://h\n#f', 'parse "https://h\\n": net/url: invalid control character in URL'],
    ['https://h#%zz', 'parse "https://h#%zz": invalid URL escape "%zz"'],
    ['https://h/%z', 'parse "https://h/%z": invalid URL escape "%z"'],
    ['https://h:x', 'parse "https://h:x": invalid port ":x" after host'],
    ['https://[::1', 'parse "https://[::1": missing \']\' in host'],
    ['https://a b/', 'parse "https://a b/": invalid character " " in host name'],
    ['https://a b@h/', 'parse "https://a b@h/": net/url: invalid userinfo'],
  ])('is refused: %s', (text, message) => {
    expect(GoUrl.parse(text)).toEqual(new UrlError(message));
  });
});

describe('the URL of a request', () => {
  it('takes # as it stands', () => {
    expect(GoUrl.parseRequest('/a#b')).toMatchObject({ path: '/a#b', fragment: '', escapedPath: '/a%23b' });
  });

  it.each([
    ['', 'parse "": empty url'],
    ['a', 'parse "a": invalid URI for request'],
  ])('is not %j', (text, message) => {
    expect(GoUrl.parseRequest(text)).toEqual(new UrlError(message));
  });
});
