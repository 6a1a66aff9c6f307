import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { answerHeaders, requestHeaders } from './forwarded-headers.js';

const request = (rawHeaders: string[], connection?: string) => ({ rawHeaders, headers: { connection } }) as unknown as IncomingMessage;

it('are those of the client but for the connection, the host and its identity', () => {
  const raw = [':method', 'GET', 'Host', 'h', 'Accept', 'a', 'accept', 'b', 'Te', 'trailers', 'X-Remote-User', 'root', 'X-Hop', '1'];
  expect(requestHeaders(request([...raw, 'Transfer-Encoding', 'chunked', 'Content-Length', '3'], 'x-hop, Keep-Alive'))).toEqual({
    accept: ['a', 'b'],
    'content-length': '3',
  });
});

it('has one length only', () => {
  expect(requestHeaders(request(['Content-Length', '3', 'content-length', '4']))).toEqual({ 'content-length': '3' });
});

it('of an answer are those that concern the client', () => {
  const headers = {
    ':status': '200',
    connection: 'x-hop',
    'x-hop': '1',
    etag: '"e"',
    'set-cookie': ['a', 'b'],
    'access-control-allow-origin': '*',
  };
  expect([...answerHeaders(headers)]).toEqual([
    ['etag', '"e"'],
    ['set-cookie', ['a', 'b']],
  ]);
});
