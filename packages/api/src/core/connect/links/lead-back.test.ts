import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import type { ProxiedAnswer } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { ledBack, ledBackLink } from './lead-back.js';

const prefix = '/api/v1/namespaces/a/pods/b/proxy';
const way = { to: '10.1.2.3:80', from: 'api.example.com:6443', prefix };

describe('ledBackLink', () => {
  it.each([
    ['/x?y#z', `${prefix}/x?y#z`],
    ['/', `${prefix}/`],
    ['/x/../y//z/', `${prefix}/y/z/`],
    [`${prefix}/x`, `${prefix}/x`],
    ['http://10.1.2.3:80/x', `${prefix}/x`],
    ['//10.1.2.3:80/x', `${prefix}/x`],
    ['https://api.example.com:6443/x', `https://api.example.com:6443${prefix}/x`],
    [`https://api.example.com:6443${prefix}/x`, `https://api.example.com:6443${prefix}/x`],
    ['http://elsewhere.example.com/x', 'http://elsewhere.example.com/x'],
    ['x/y', 'x/y'],
    ['#z', '#z'],
    ['javascript:void(0)', 'javascript:void(0)'],
    ['', ''],
  ])('%j becomes %j', (link, expected) => {
    expect(ledBackLink(link, way)).toBe(expected);
  });
});

describe('ledBack', () => {
  const page = '<a href="/x">x</a>';
  const led = `<a href="${prefix}/x">x</a>`;
  const answer = (headers: ProxiedAnswer['headers'], body: Buffer | string): ProxiedAnswer => ({
    code: 200,
    headers,
    body: Readable.from([Buffer.from(body as string)]),
    isWhole: () => true,
  });
  const bytesOf = async ({ body }: ProxiedAnswer) => Buffer.concat((await body.toArray()) as Buffer[]);

  it('leads links of pages back, whose length changes', async () => {
    const { headers, body } = ledBack(
      answer({ 'content-type': 'text/html; charset=utf-8', 'content-length': '18', x: 'y' }, page),
      'GET',
      way,
    );
    expect(headers).toEqual({ 'content-type': 'text/html; charset=utf-8', x: 'y' });
    expect(await text(body)).toBe(led);
  });

  it('reads pages that are compressed, and compresses them again', async () => {
    const zipped = ledBack(answer({ 'content-type': 'text/html', 'content-encoding': 'gzip' }, gzipSync(page)), 'GET', way);
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(await bytesOf(zipped)).toString()).toBe(led);
    const deflated = ledBack(answer({ 'content-type': 'text/html', 'content-encoding': 'deflate' }, deflateRawSync(page)), 'GET', way);
    expect(inflateRawSync(await bytesOf(deflated)).toString()).toBe(led);
  });

  it('leaves the rest as it is', async () => {
    for (const [headers, method] of [
      [{ 'content-type': 'text/plain', 'content-length': '18' }, 'GET'],
      [{ 'content-type': 'text/html', 'content-encoding': 'br' }, 'GET'],
      [{ 'content-type': 'text/html', 'content-length': '18' }, 'HEAD'],
    ] as const) {
      const same = answer(headers, page);
      expect(ledBack(same, method, way)).toBe(same);
    }
  });

  it('leads redirects back, and leaves their pages', async () => {
    const redirect = ledBack(answer({ location: '/y', 'content-type': 'text/html' }, page), 'GET', way);
    expect(redirect.headers.location).toBe(`${prefix}/y`);
    expect(await text(redirect.body)).toBe(page);
  });

  it('fails where what is compressed cannot be read', async () => {
    const broken = ledBack(answer({ 'content-type': 'text/html', 'content-encoding': 'gzip' }, page), 'GET', way);
    await expect(bytesOf(broken)).rejects.toThrow('incorrect header check');
  });
});
