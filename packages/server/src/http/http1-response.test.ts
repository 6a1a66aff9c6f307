import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Http1Response } from './http1-response.js';

type Answerer = (response: Http1Response) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What a client sees of an answer, its date aside: status, reason, headers in the order of their arrival, body. */
async function answered(answer: Answerer) {
  const server = createServer({ ServerResponse: Http1Response }, (_, response) => answer(response));
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const message = await new Promise<IncomingMessage>((resolve) => get({ port, host: '127.0.0.1', agent: false }, resolve));
  const raw = message.rawHeaders;
  const headers = raw.flatMap((name, at) => (at % 2 === 0 && !/^(date|connection)$/i.test(name) ? `${name}: ${raw[at + 1]}` : []));
  return { status: `${message.statusCode} ${message.statusMessage}`, headers, body: (await message.toArray()).join('') };
}

describe('headers', () => {
  it('leave as they were set, the last one of a name in the place of the first', async () => {
    const { headers } = await answered((response) => {
      response.setHeader('X-One', '1').setHeader('x-two', ['a', 'b']).setHeader('x-one', '2').setHeader('Content-Length', 2);
      response.end('ok');
    });
    expect(headers).toEqual(['X-One: 2', 'x-two: a', 'x-two: b', 'Content-Length: 2']);
  });

  it('can be looked at, added to, and taken back', async () => {
    let seen: unknown[] = [];
    const { headers } = await answered((response) => {
      response.setHeader('X-One', '1').appendHeader('x-one', '2').appendHeader('X-Two', ['3']).setHeader('X-Three', '4');
      response.removeHeader('x-three');
      const names = response.getHeaderNames();
      seen = [response.getHeader('X-ONE'), response.hasHeader('x-three'), response.getHeader('x-three'), names, response.getHeaders()];
      response.end();
    });
    expect(seen).toEqual([['1', '2'], false, undefined, ['x-one', 'x-two'], { 'x-one': ['1', '2'], 'x-two': ['3'] }]);
    expect(headers).toEqual(['X-One: 1', 'X-One: 2', 'X-Two: 3', 'Content-Length: 0']);
  });

  it('may come with the head', async () => {
    const list = await answered((response) => response.setHeader('X-One', '1').writeHead(404, ['x-one', '2', 'X-Two', '3']).end());
    expect([list.status, list.headers]).toEqual(['404 Not Found', ['X-One: 2', 'X-Two: 3', 'Transfer-Encoding: chunked']]);
    const record = await answered((response) => response.writeHead(200, 'Fine', { 'X-One': '1', 'X-Two': 2 }).end('body'));
    expect([record.status, record.headers, record.body]).toEqual([
      '200 Fine',
      ['X-One: 1', 'X-Two: 2', 'Transfer-Encoding: chunked'],
      'body',
    ]);
  });

  it('that tell the length of a body can be taken back', async () => {
    const { headers, body } = await answered((response) => {
      response.setHeader('Content-Length', '4');
      response.removeHeader('content-length');
      response.write('bo');
      response.end('dy');
    });
    expect([headers, body]).toEqual([['Transfer-Encoding: chunked'], 'body']);
  });

  it('cannot be changed once they have left', async () => {
    const errors: unknown[] = [];
    await answered((response) => {
      response.flushHeaders();
      for (const change of [() => response.setHeader('X-One', '1'), () => response.removeHeader('X-One'), () => response.writeHead(200)]) {
        try {
          change();
        } catch (error) {
          errors.push((error as NodeJS.ErrnoException).code);
        }
      }
      response.end();
    });
    expect(errors).toEqual(['ERR_HTTP_HEADERS_SENT', 'ERR_HTTP_HEADERS_SENT', 'ERR_HTTP_HEADERS_SENT']);
  });

  it.each([
    ['X-One', 'a\r\nX-Smuggled: 1', 'ERR_INVALID_CHAR'],
    ['X One', 'a', 'ERR_INVALID_HTTP_TOKEN'],
  ])('that are bad are not sent, and do not keep an error from being told: %s', async (name, value, code) => {
    let thrown: string | undefined;
    const { status, headers, body } = await answered((response) => {
      response.setHeader('X-Good', '1').setHeader(name, value);
      try {
        response.end('ok');
      } catch (error) {
        thrown = (error as NodeJS.ErrnoException).code;
        response.statusCode = 500;
        response.setHeader('Content-Type', 'text/plain').end('failed');
      }
    });
    expect([thrown, status, headers, body]).toEqual([
      code,
      '500 Internal Server Error',
      ['Content-Type: text/plain', 'Content-Length: 6'],
      'failed',
    ]);
  });
});
