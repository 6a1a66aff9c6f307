import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;
beforeAll(async () => {
  server = await AttackedServer.start();
});
afterAll(() => server?.stop());

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const GOAWAY = 7;
const types = { headers: 1, resetStream: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 } as const;

function frame(type: keyof typeof types, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** GET of https://…/api/v1/pods in HPACK: from the static table, the path and the authority as literals. */
function getPods(token: string): Buffer {
  const literal = (index: number, value: string) => Buffer.concat([Buffer.of(index), Buffer.of(value.length), Buffer.from(value)]);
  const authorization = `Bearer ${token}`;
  return Buffer.concat([
    Buffer.of(0x82, 0x87),
    literal(0x04, '/api/v1/pods'),
    literal(0x01, 'localhost'),
    Buffer.of(0x0f, 0x08, authorization.length),
    Buffer.from(authorization),
  ]);
}

/** `over`: the server has said that it takes nothing more on this connection, or has closed it. */
async function http2Socket() {
  const socket = await server.openTls('h2');
  const over = Promise.race([closed(socket), goaway(socket)]);
  socket.write(Buffer.concat([preface, frame('settings', 0, 0)]));
  return { socket, over: over.finally(() => socket.destroy()) };
}

function closed(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function goaway(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      read = Buffer.concat([read, data]);
      while (read.length >= 9 && read.length >= 9 + read.readUIntBE(0, 3)) {
        if (read[3] === GOAWAY) resolve();
        read = read.subarray(9 + read.readUIntBE(0, 3));
      }
    });
  });
}

describe('an HTTP/2 connection that floods', () => {
  it('with streams that are reset at once is broken off', async () => {
    const block = getPods(server.adminToken);
    await server.meanwhile(async () => {
      const { socket, over } = await http2Socket();
      for (let stream = 1; stream < 20_000 && !socket.destroyed; stream += 2) {
        socket.write(Buffer.concat([frame('headers', 5, stream, block), frame('resetStream', 0, stream, Buffer.of(0, 0, 0, 8))]));
        if (stream % 100 === 1) await new Promise(setImmediate);
      }
      await over;
    });
  });

  it('with CONTINUATION frames without end is broken off', async () => {
    await server.meanwhile(async () => {
      const { socket, over } = await http2Socket();
      socket.write(frame('headers', 0, 1));
      const flood = setInterval(() => !socket.destroyed && socket.write(frame('continuation', 0, 1, Buffer.alloc(16_000))), 1);
      await over;
      clearInterval(flood);
    });
  });

  it('with pings is broken off', async () => {
    await server.meanwhile(async () => {
      const { socket, over } = await http2Socket();
      const flood = setInterval(() => {
        for (let at = 0; at < 20 && !socket.destroyed; at++) socket.write(frame('ping', 0, 0, Buffer.alloc(8)));
      }, 1);
      await over;
      clearInterval(flood);
    });
  });

  it('with windows beyond all bounds is broken off', async () => {
    await server.meanwhile(async () => {
      const { socket, over } = await http2Socket();
      for (let at = 0; at < 3 && !socket.destroyed; at++) socket.write(frame('windowUpdate', 0, 0, Buffer.of(0x7f, 0xff, 0xff, 0xff)));
      await over;
    });
  });
});

describe('an HTTP/1.1 connection', () => {
  it('with headers that are too large is refused', async () => {
    await server.meanwhile(async () => {
      const socket = await server.openTls('http/1.1');
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      const over = closed(socket);
      socket.write('GET /api HTTP/1.1\r\nHost: localhost\r\n');
      for (let at = 0; at < 40 && !socket.destroyed; at++) socket.write(`X-Large-${at}: ${'x'.repeat(32_000)}\r\n`);
      socket.write('\r\n');
      await over;
      // What was sent and not read may break the connection before the answer is.
      expect(text).toMatch(/^(HTTP\/1\.1 431 Request Header Fields Too Large\r\n|$)/);
    });
  });

  it('that says two lengths of one body is refused', async () => {
    await server.meanwhile(async () => {
      for (const lengths of ['Content-Length: 5\r\nContent-Length: 6', 'Content-Length: 5\r\nTransfer-Encoding: chunked']) {
        const socket = await server.openTls('http/1.1');
        let text = '';
        socket.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        const over = closed(socket);
        socket.write(
          `POST /api HTTP/1.1\r\nHost: localhost\r\n${lengths}\r\n\r\n0\r\n\r\nGET /version HTTP/1.1\r\nHost: localhost\r\n\r\n`,
        );
        await over;
        expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
        expect(text).not.toContain('gitVersion');
      }
    });
  });

  it('that sends a body as slowly as it can keeps nobody else waiting', async () => {
    await server.meanwhile(async () => {
      const sockets = await Promise.all(Array.from({ length: 50 }, () => server.openTls('http/1.1')));
      const head = `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.adminToken}\r\n`;
      for (const socket of sockets) socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n`);
      for (let byte = 0; byte < 20; byte++) {
        for (const socket of sockets) socket.write('{');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      for (const socket of sockets) socket.destroy();
    });
    expect((await server.send({ path: '/readyz' })).code).toBe(200);
  });
});
