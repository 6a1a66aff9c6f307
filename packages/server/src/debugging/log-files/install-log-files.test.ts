import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenResponse } from '../../testing/api-client.js';
import { startTestServer, stopTestServers, type TestServer } from '../../testing/start-test-server.js';
import { installLogFiles } from './install-log-files.js';

const modified = new Date('2024-05-06T07:08:09.500Z');
const large = Buffer.alloc(8 * 1024 * 1024, 'log line\n');

let parent: string;
let directory: string;
let server: TestServer;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'log-files-'));
  directory = join(parent, 'log');
  await mkdir(join(directory, 'pods/kube-system'), { recursive: true });
  await mkdir(join(directory, 'site'));
  await mkdir(join(directory, 'empty'));
  const files: Record<string, string | Buffer> = {
    '../secret': 'outside',
    syslog: 'one two three\n',
    'syslog.1.gz': gzipSync('old'),
    'boot.log': '<html><script>alert(1)</script>',
    wtmp: Buffer.from([0, 1, 2]),
    'large.log': large,
    'void.log': '',
    '.hidden': 'dot',
    'pods/kube-system/a.json': '{}',
    'pods/a:b?c#d e&<"\'>é%;+,(x)!*': 'odd',
    'site/index.html': '<p>index</p>',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  await utimes(join(directory, 'syslog'), modified, modified);
  await utimes(join(directory, 'empty'), modified, modified);
  await symlink(join(parent, 'secret'), join(directory, 'linked'));
  await symlink(join(directory, 'nowhere'), join(directory, 'broken'));
  await symlink('pods', join(directory, 'pods-link'));
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  server = await startTestServer();
  installLogFiles(server.api.paths, directory);
});

afterAll(async () => {
  await stopTestServers();
  await rm(parent, { recursive: true, force: true });
});

describe('/logs', () => {
  it.each([
    ['/logs', 'logs/'],
    ['/logs?a=b', 'logs/?a=b'],
    ['/logs/pods/kube-system', 'kube-system/'],
    ['/logs/pods-link', 'pods-link/'],
    ['/logs/site/index.html', './'],
  ])('sends %s on to %s', async (path, location) => {
    const { code, headers, text } = await server.client.get(path);
    expect([code, headers.location, text]).toEqual([301, location, '']);
  });

  it('lists a directory', async () => {
    const { code, headers, text } = await server.client.get('/logs/');
    expect([code, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const names = [
      '.hidden',
      'boot.log',
      'broken',
      'empty/',
      'large.log',
      'linked',
      'pipe',
      'pods/',
      'pods-link',
      'site/',
      'syslog',
      'syslog.1.gz',
      'void.log',
      'wtmp',
    ].sort();
    expect(text).toBe(
      `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${names.map((name) => `<a href="${name}">${name}</a>\n`).join('')}</pre>\n`,
    );
  });

  it('escapes what it lists, so that its links lead there', async () => {
    const { text } = await server.client.get('/logs/pods/');
    const [, href = '', shown] = /<a href="([^"]*)">(a:.*)<\/a>/.exec(text) ?? [];
    expect(href).toBe('./a:b%3Fc%23d%20e&%3C%22%27%3E%C3%A9%25;+,%28x%29%21%2A');
    expect(shown).toBe('a:b?c#d e&amp;&lt;&#34;&#39;&gt;é%;+,(x)!*');
    expect((await server.client.get(`/logs/pods/${href.slice(2)}`)).text).toBe('odd');
  });

  it.each([
    ['syslog', 'text/plain; charset=utf-8', 'one two three\n'],
    ['syslog/', 'text/plain; charset=utf-8', 'one two three\n'],
    ['boot.log', 'text/plain; charset=utf-8', '<html><script>alert(1)</script>'],
    ['wtmp', 'application/octet-stream', '\0\u0001\u0002'],
    ['void.log', 'text/plain; charset=utf-8', ''],
    ['.hidden', 'text/plain; charset=utf-8', 'dot'],
    ['linked', 'text/plain; charset=utf-8', 'outside'],
    ['pods-link/kube-system/a.json', 'application/json', '{}'],
    ['pods//kube-system/a.json', 'application/json', '{}'],
    ['site/', 'text/html; charset=utf-8', '<p>index</p>'],
  ])('serves %s as %s', async (name, type, content) => {
    const { code, headers, text } = await server.client.get(`/logs/${name}`);
    expect([code, headers['content-type'], text]).toEqual([200, type, content]);
    expect(headers).toMatchObject({ 'content-length': String(content.length), 'accept-ranges': 'bytes' });
  });

  it('serves compressed files as they are', async () => {
    const { headers, bytes } = await server.client.get('/logs/syslog.1.gz');
    expect([headers['content-type'], headers['content-encoding']]).toEqual(['application/x-gzip', undefined]);
    expect(bytes.equals(gzipSync('old'))).toBe(true);
  });

  it.each([
    ['missing', 404, '404 page not found\n'],
    ['broken', 404, '404 page not found\n'],
    ['pipe', 404, '404 page not found\n'],
    ['syslog/x', 404, '404 page not found\n'],
    ['x'.repeat(300), 404, 'file not found\n'],
    ['../secret', 400, 'invalid URL path\n'],
    ['%2e%2e/secret', 400, 'invalid URL path\n'],
    ['..%2fsecret', 400, 'invalid URL path\n'],
    ['pods/../../secret', 400, 'invalid URL path\n'],
    ['a%00b', 500, '500 Internal Server Error\n'],
  ])('answers %s with %i', async (name, expectedCode, expectedText) => {
    const { code, headers, text } = await server.client.get(`/logs/${name}`);
    expect([code, text, headers['content-type']]).toEqual([expectedCode, expectedText, 'text/plain; charset=utf-8']);
  });

  it.each([
    ['bytes=4-6', 206, 'two', 'bytes 4-6/14'],
    ['bytes=8-', 206, 'three\n', 'bytes 8-13/14'],
    ['bytes=-6', 206, 'three\n', 'bytes 8-13/14'],
    ['bytes=-100', 206, 'one two three\n', 'bytes 0-13/14'],
    ['bytes=0-100', 206, 'one two three\n', 'bytes 0-13/14'],
    ['bytes=0-1,4-6', 200, 'one two three\n', undefined],
    ['bytes=14-', 416, 'invalid range: failed to overlap\n', 'bytes */14'],
    ['bytes=3-2', 416, 'invalid range\n', undefined],
    ['lines=1-2', 416, 'invalid range\n', undefined],
  ])('answers Range: %s with %i', async (range, expectedCode, content, contentRange) => {
    const { code, headers, text } = await server.client.get('/logs/syslog', { range });
    expect([code, text, headers['content-range']]).toEqual([expectedCode, content, contentRange]);
  });

  it('ignores ranges of an empty file', async () => {
    expect((await server.client.get('/logs/void.log', { range: 'bytes=0-10' })).code).toBe(200);
  });

  it.each(['syslog', 'empty/'])('does not send %s again that the client has', async (name) => {
    const path = `/logs/${name}`;
    const { headers } = await server.client.get(path);
    expect(headers['last-modified']).toBe('Mon, 06 May 2024 07:08:09 GMT');
    const again = await server.client.get(path, { 'if-modified-since': headers['last-modified'] as string });
    expect([again.code, again.text]).toEqual([304, '']);
    expect((await server.client.get(path, { 'if-modified-since': 'Mon, 06 May 2024 07:08:08 GMT' })).code).toBe(200);
  });

  it('sends all of a file to a client whose part is of an older one', async () => {
    const ask = (date: string) => server.client.get('/logs/syslog', { range: 'bytes=4-6', 'if-range': date });
    expect((await ask('Mon, 06 May 2024 07:08:09 GMT')).text).toBe('two');
    expect((await ask('Mon, 06 May 2024 07:08:08 GMT')).text).toBe('one two three\n');
  });

  it('answers GET only', async () => {
    expect((await server.client.post('/logs/syslog', {})).code).toBe(405);
  });

  it.each(['http1', 'http2'] as const)('streams over %s', async (version) => {
    const client = version === 'http1' ? server.client : await server.http2();
    expect((await client.get('/logs/large.log')).bytes.equals(large)).toBe(true);
  });

  it('breaks off when the file becomes shorter than was promised', async () => {
    await writeFile(join(directory, 'rotated.log'), large);
    const response: OpenResponse = await server.client.open('GET', '/logs/rotated.log');
    await truncate(join(directory, 'rotated.log'), 10);
    await expect(response.body.toArray()).rejects.toThrow('aborted');
    expect(server.log.lines.filter((line) => line.startsWith('error'))).toEqual(['error request failed']);
  });

  it('is listed', () => {
    expect(server.api.paths.paths).toContain('/logs');
  });
});

describe('without log files', () => {
  it('is no path', async () => {
    const { client } = await startTestServer();
    const { code, text } = await client.get('/logs/syslog');
    expect([code, text]).toEqual([404, '404 page not found\n']);
  });
});
