import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  frame,
  prefixed,
  response,
  responseHeaders,
  ScriptedPeer,
  settings,
  trailers,
  uint32,
} from '../../../testing/etcd/scripted-peer.js';
import type { CallError } from '../transport.js';
import { Http2Connection } from './connection.js';
import { ErrorCode, Flag, FrameType, MAX_STREAM_ID, Setting } from './protocol.js';
import { RequestHeaders } from './request-headers.js';
import { UnaryCall } from './unary-call.js';

const { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION } = FrameType;
const { END_HEADERS, END_STREAM } = Flag;
const hello = Buffer.from('hello');
const hi = Buffer.from('hi');

let peer: ScriptedPeer;
let connection: Http2Connection;
let retired: number;

beforeEach(async () => {
  peer = await ScriptedPeer.listen();
  connection = await open();
});

afterEach(async () => {
  connection.destroy(new Error('the test is over'));
  await peer.close();
});

async function open(firstStreamId?: number): Promise<Http2Connection> {
  const socket = connect(Number(new URL(peer.endpoint).port), '127.0.0.1');
  await once(socket, 'connect');
  retired = 0;
  const opened = new Http2Connection(socket, {
    endpoint: peer.endpoint,
    headers: new RequestHeaders({ scheme: 'http', authority: 'peer' }, []),
    onRoom: () => undefined,
    onRetired: () => retired++,
    ...(firstStreamId !== undefined && { firstStreamId }),
  });
  await opened.opened;
  return opened;
}

function call(message: Uint8Array = hello): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    connection.start(new UnaryCall({ path: '/test', message, timeoutMs: 10_000 }, { settled: () => undefined }, resolve, reject));
  });
}

/** Starts a call and waits until the peer has its request. */
async function asked(message?: Uint8Array): Promise<Promise<Uint8Array>[]> {
  const calling = call(message);
  calling.catch(() => undefined);
  await peer.next(DATA);
  return [calling];
}

function failure(calling: Promise<Uint8Array> | undefined): Promise<Pick<CallError, 'status' | 'details' | 'sent'> | string> {
  return Promise.resolve(calling).then(
    (message) => `succeeded: ${message}`,
    ({ status, details, sent }: CallError) => ({ status, details, sent }),
  );
}

/** Awaits that the client ends the connection, with which code. */
async function goneAway(): Promise<number> {
  const { payload } = await peer.next(GOAWAY);
  return payload.readUInt32BE(4);
}

describe('a connection', () => {
  it('begins with the preface, its settings and room for data', async () => {
    const { payload } = await peer.next(SETTINGS);
    const values = Array.from({ length: payload.length / 6 }, (_, i) => [payload.readUInt16BE(6 * i), payload.readUInt32BE(6 * i + 2)]);
    const { HEADER_TABLE_SIZE, ENABLE_PUSH, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE } = Setting;
    expect(values).toEqual([
      [HEADER_TABLE_SIZE, 0],
      [ENABLE_PUSH, 0],
      [INITIAL_WINDOW_SIZE, 4_194_304],
      [MAX_HEADER_LIST_SIZE, 65_536],
    ]);
    expect(await peer.next(WINDOW_UPDATE)).toEqual({ type: WINDOW_UPDATE, flags: 0, streamId: 0, payload: uint32(4_194_304 - 65_535) });
    expect(await peer.next(SETTINGS)).toEqual({ type: SETTINGS, flags: Flag.ACK, streamId: 0, payload: Buffer.alloc(0) });
  });

  it('reads responses that come an octet at a time', async () => {
    const calling = [...(await asked()), ...(await asked())];
    for (const octet of Buffer.concat([response(3, hello), response(1, hi)])) {
      peer.socket.write(Buffer.of(octet));
      await sleep(0);
    }
    expect((await Promise.all(calling)).map(String)).toEqual(['hi', 'hello']);
  });

  it('reads responses whose frames are mixed, padded, continued, empty, or of types that nobody knows', async () => {
    const calling = [...(await asked()), ...(await asked())];
    const padded = Buffer.concat([Buffer.of(3), prefixed(hi).subarray(0, 6), Buffer.alloc(3)]);
    const weighed = Buffer.concat([Buffer.of(2), uint32(0), Buffer.of(16), responseHeaders.subarray(0, 1), Buffer.alloc(2)]);
    peer.send(
      frame(0x0b, 0xff, 0, Buffer.from('unknown')),
      frame(HEADERS, END_HEADERS, 3, responseHeaders),
      frame(HEADERS, Flag.PADDED | Flag.PRIORITY, 1, weighed),
      frame(CONTINUATION, 0, 1),
      frame(CONTINUATION, END_HEADERS, 1, responseHeaders.subarray(1)),
      frame(PRIORITY, 0, 1, Buffer.alloc(5)),
      frame(DATA, Flag.PADDED, 1, padded),
      frame(DATA, 0, 3, prefixed(hello)),
      frame(DATA, 0, 1),
      frame(DATA, 0, 1, prefixed(hi).subarray(6)),
      frame(HEADERS, END_HEADERS | END_STREAM, 3, trailers(0)),
      frame(HEADERS, END_STREAM, 1),
      frame(CONTINUATION, END_HEADERS, 1, trailers(0)),
    );
    expect((await Promise.all(calling)).map(String)).toEqual(['hi', 'hello']);
  });

  it('does not take what comes before the response for it', async () => {
    const [calling] = await asked();
    peer.send(frame(HEADERS, END_HEADERS, 1, Buffer.from([0x08, 0x03, ...Buffer.from('103')])), response(1, hi));
    expect(await calling).toEqual(hi);
  });

  it('answers pings, and acknowledges settings', async () => {
    await peer.next(SETTINGS);
    await peer.next(SETTINGS);
    peer.send(frame(PING, 0, 0, Buffer.from('12345678')), settings({ [Setting.MAX_CONCURRENT_STREAMS]: 1 }));
    expect(await peer.next(PING)).toEqual({ type: PING, flags: Flag.ACK, streamId: 0, payload: Buffer.from('12345678') });
    expect(await peer.next(SETTINGS)).toMatchObject({ flags: Flag.ACK });
    expect(connection.hasRoom).toBe(true);
    const [calling] = await asked();
    expect(connection.hasRoom).toBe(false);
    peer.send(response(1, hi));
    await calling;
    expect(connection.hasRoom).toBe(true);
  });

  it('gives the peer more room as data comes, for the stream and for the connection', async () => {
    const [calling] = await asked();
    const message = Buffer.alloc(6 * 1024 * 1024);
    const bytes = prefixed(message);
    peer.send(frame(HEADERS, END_HEADERS, 1, responseHeaders));
    let room = 4_194_304;
    let streamRoom = 4_194_304;
    for (let at = 0; at < bytes.length; at += 16_384) {
      const part = bytes.subarray(at, at + 16_384);
      while (Math.min(room, streamRoom) < part.length) {
        const { streamId, payload } = await peer.next(WINDOW_UPDATE);
        if (streamId === 0) room += payload.readUInt32BE(0);
        else streamRoom += payload.readUInt32BE(0);
      }
      room -= part.length;
      streamRoom -= part.length;
      peer.send(frame(DATA, 0, 1, part));
    }
    peer.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, trailers(0)));
    expect((await calling)?.length).toBe(message.length);
  });

  it('ignores what comes for a call that is over', async () => {
    const [calling] = await asked();
    const [other] = await asked();
    peer.send(
      frame(RST_STREAM, 0, 1, uint32(ErrorCode.CANCEL)),
      response(1, hi),
      frame(WINDOW_UPDATE, 0, 1, uint32(5)),
      response(3, hello),
    );
    expect(await failure(calling)).toMatchObject({ status: status.CANCELLED });
    expect(await other).toEqual(hello);
  });

  it('ends when it is not needed, with its last call', async () => {
    const [calling] = await asked();
    connection.retire();
    expect([connection.hasRoom, retired]).toEqual([false, 1]);
    peer.send(response(1, hi));
    expect(await calling).toEqual(hi);
    expect(await goneAway()).toBe(ErrorCode.NO_ERROR);
    expect(retired).toBe(1);
  });

  it('ends when it has no more numbers for streams', async () => {
    connection.destroy(new Error('another one'));
    connection = await open(MAX_STREAM_ID - 2);
    const [first] = await asked();
    expect(connection.hasRoom).toBe(true);
    const [last] = await asked();
    expect([connection.hasRoom, retired]).toEqual([false, 1]);
    peer.send(response(MAX_STREAM_ID - 2, hello), response(MAX_STREAM_ID, hi));
    expect(await Promise.all([first, last])).toEqual([hello, hi]);
    expect(await goneAway()).toBe(ErrorCode.NO_ERROR);
  });
});

describe('a peer that breaks the protocol ends the connection', () => {
  const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR, ENHANCE_YOUR_CALM } = ErrorCode;
  const endless = Array.from({ length: 5 }, () => frame(CONTINUATION, 0, 1, Buffer.alloc(16_384)));

  it.each<[string, number, Buffer]>([
    ['with noise', FRAME_SIZE_ERROR, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['with a frame that is too large', FRAME_SIZE_ERROR, frame(DATA, 0, 1, Buffer.alloc(16_385))],
    ['with data of no stream', PROTOCOL_ERROR, frame(DATA, 0, 0)],
    ['with data of a stream that was not opened', PROTOCOL_ERROR, frame(DATA, 0, 3)],
    ['with data of a stream of its own', PROTOCOL_ERROR, frame(DATA, 0, 2)],
    ['with fields that cannot be decoded', COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, Buffer.of(0xff, 0xff))],
    ['with fields of a table that it must not have', COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, Buffer.of(0xbe))],
    ['with a priority that is cut off', FRAME_SIZE_ERROR, frame(HEADERS, END_HEADERS | Flag.PRIORITY, 1, Buffer.alloc(4))],
    ['with something within a header block', PROTOCOL_ERROR, Buffer.concat([frame(HEADERS, 0, 1), frame(PING, 0, 0, Buffer.alloc(8))])],
    ['with another stream within a header block', PROTOCOL_ERROR, Buffer.concat([frame(HEADERS, 0, 1), frame(CONTINUATION, 0, 3)])],
    ['with a continuation of nothing', PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 1)],
    ['with a header block that does not end', ENHANCE_YOUR_CALM, Buffer.concat([frame(HEADERS, 0, 1), ...endless])],
    ['with a push', PROTOCOL_ERROR, frame(PUSH_PROMISE, END_HEADERS, 1, uint32(2))],
    ['with a short reset', FRAME_SIZE_ERROR, frame(RST_STREAM, 0, 1, Buffer.alloc(3))],
    ['with settings of a stream', PROTOCOL_ERROR, frame(SETTINGS, 0, 1)],
    ['with part of a setting', FRAME_SIZE_ERROR, frame(SETTINGS, 0, 0, Buffer.alloc(5))],
    ['with settings in an acknowledgement', FRAME_SIZE_ERROR, frame(SETTINGS, Flag.ACK, 0, Buffer.alloc(6))],
    ['with windows that are too large', FLOW_CONTROL_ERROR, settings({ [Setting.INITIAL_WINDOW_SIZE]: 2 ** 31 })],
    ['with frames that are too small', PROTOCOL_ERROR, settings({ [Setting.MAX_FRAME_SIZE]: 16_383 })],
    ['with pushes switched on', PROTOCOL_ERROR, settings({ [Setting.ENABLE_PUSH]: 1 })],
    ['with a short ping', FRAME_SIZE_ERROR, frame(PING, 0, 0, Buffer.alloc(7))],
    ['with a ping on a stream', PROTOCOL_ERROR, frame(PING, 0, 1, Buffer.alloc(8))],
    ['with a short farewell', FRAME_SIZE_ERROR, frame(GOAWAY, 0, 0, Buffer.alloc(7))],
    ['with a window that grows by nothing', PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 0, uint32(0))],
    ['with a window that grows too much', FLOW_CONTROL_ERROR, frame(WINDOW_UPDATE, 0, 1, uint32(2 ** 31 - 1))],
  ])('%s', async (_name, code, bytes) => {
    const [calling] = await asked();
    peer.send(bytes);
    expect(await goneAway()).toBe(code);
    expect(await failure(calling)).toMatchObject({ status: status.UNAVAILABLE, sent: true });
    expect([connection.hasRoom, retired]).toEqual([false, 1]);
  });

  it('before it has begun, by not beginning with settings', async () => {
    const rude = await ScriptedPeer.listen(frame(PING, 0, 0, Buffer.alloc(8)));
    const socket = connect(Number(new URL(rude.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    const options = { endpoint: rude.endpoint, headers: new RequestHeaders({ scheme: 'http', authority: 'peer' }, []) };
    const opening = new Http2Connection(socket, { ...options, onRoom: () => undefined, onRetired: () => undefined });
    await expect(opening.opened).rejects.toThrow('no settings to begin with');
    await rude.close();
  });

  it('by letting answers to its pings pile up', async () => {
    const pings = Buffer.concat(Array.from({ length: 20_000 }, () => frame(PING, 0, 0, Buffer.alloc(8))));
    peer.socket.pause();
    const closed = once(peer.socket, 'close').catch(() => undefined);
    while (!peer.socket.destroyed) {
      if (!peer.socket.write(pings)) await Promise.race([once(peer.socket, 'drain').catch(() => undefined), closed]);
    }
    expect([connection.hasRoom, retired]).toEqual([false, 1]);
  });
});
