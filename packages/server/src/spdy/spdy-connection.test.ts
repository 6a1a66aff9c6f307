import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { controlFrame, FrameType } from './frames.js';
import { SpdyConnection } from './spdy-connection.js';
import type { SpdyStream } from './spdy-stream.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** The two ends of a connection. */
async function sockets(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [there] = (await once(server, 'connection')) as [Socket];
  ends.push(
    () => here.destroy(),
    () => there.destroy(),
    () => server.close(),
  );
  return [here, there];
}

const nothing = Buffer.alloc(0);

async function connections(onStream: (stream: SpdyStream) => void) {
  const [here, there] = await sockets();
  const client = new SpdyConnection(here, nothing, { role: 'client' });
  const server = new SpdyConnection(there, nothing, { role: 'server', onStream });
  return { client, server, here, there };
}

it('carries streams beside each other, with headers of their own, each direction to its own end', async () => {
  const { client } = await connections(async (stream) => {
    let said = '';
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) said += chunk;
    stream.end(`${JSON.stringify(stream.headers)} ${said}`);
  });
  const answers = await Promise.all(
    [1, 2, 3].map(async (n) => {
      const stream = await client.open({ StreamType: ['data'], n: [String(n), 'more'] });
      stream.end(`said by ${n}`);
      return text(stream);
    }),
  );
  expect(answers).toEqual([1, 2, 3].map((n) => `{"streamtype":["data"],"n":["${n}","more"]} said by ${n}`));
});

it('carries much, in both directions at once', async () => {
  const { client } = await connections((stream) => void stream.pipe(stream));
  const stream = await client.open({});
  const sent = Buffer.alloc(20_000_000, 'some more ');
  stream.end(sent);
  expect((await buffer(stream)).equals(sent)).toBe(true);
});

it('waits for a reader that is slow, and goes on when he is gone', async () => {
  const { client } = await connections((stream) => {
    for (let at = 0; at < 100; at++) stream.write(Buffer.alloc(100_000));
    stream.end();
  });
  const unread = await client.open({});
  await expect.poll(() => unread.readableLength).toBeGreaterThan(unread.readableHighWaterMark);
  expect(unread.readableLength).toBeLessThan(1_000_000);
  unread.destroy();
  const read = await client.open({});
  expect((await buffer(read)).length).toBe(10_000_000);
});

it('ends its streams when it ends, and refuses what is to be opened', async () => {
  const { client, server, there } = await connections((stream) => stream.resume());
  const stream = await client.open({});
  const ended = buffer(stream);
  there.destroy();
  expect((await ended).length).toBe(0);
  await Promise.all([client.whenClosed, server.whenClosed]);
  await expect(client.open({})).rejects.toThrow('the SPDY connection is closed');
});

it('is asked for signs of life, and gives them', async () => {
  const [here, there] = await sockets();
  const client = new SpdyConnection(here, nothing, { role: 'client' });
  client.ping();
  client.ping();
  there.write(controlFrame(FrameType.ping, 0, 2));
  const frames: string[] = [];
  for await (const chunk of there) {
    frames.push((chunk as Buffer).toString('hex'));
    if (frames.join('').length === 3 * 24) break;
  }
  expect(frames.join('')).toBe(['00000001', '00000003', '00000002'].map((id) => `8003000600000004${id}`).join(''));
});

it('learns that a stream was refused', async () => {
  const [here, there] = await sockets();
  const client = new SpdyConnection(here, nothing, { role: 'client' });
  there.once('data', () => there.write(controlFrame(FrameType.reset, 0, 1, 3)));
  await expect(client.open({})).rejects.toThrow('the SPDY stream was refused');
});

it.each([
  ['another version', Buffer.from('8002000600000004', 'hex')],
  ['a frame that is too large', Buffer.from('8003000600ffffff', 'hex')],
  ['a header block that is none', controlFrame(FrameType.synStream, 0, 1, 0, Buffer.alloc(2), Buffer.from('not compressed'))],
])('ends with a peer that sends %s', async (_, bytes) => {
  const [here, there] = await sockets();
  const server = new SpdyConnection(here, nothing, { role: 'server' });
  there.write(bytes);
  await server.whenClosed;
  expect(here.destroyed).toBe(true);
});

it('refuses streams that are being opened when it ends, whether they were asked for or not', async () => {
  const { client, there } = await connections(() => undefined);
  const opening = Array.from({ length: 20 }, () => client.open({ streamtype: ['data'] }));
  there.destroy();
  client.destroy();
  for (const result of await Promise.allSettled(opening))
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the SPDY connection is closed' } });
  await expect(client.open({})).rejects.toThrow('the SPDY connection is closed');
});
