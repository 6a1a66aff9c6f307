import type { Writable } from 'node:stream';
import type { RequestState } from '../http/context.js';

/** HTTP/1.1 chunks, and messages of WebSockets, are made here, once for all watchers: the response object would write each in three pieces. */
export type Framing = 'plain' | 'chunked' | 'message';

/** Names of kept frames. */
export type FrameKeys = Readonly<Record<Framing, string>>;

export function frameKeys(name: string): FrameKeys {
  return { plain: name, chunked: `${name};chunked`, message: `${name};message` };
}

/** Where the frames of a watch go once its headers have left, and the framing they need on the way. */
export interface FrameOutput {
  readonly out: Writable;
  readonly framing: Framing;
}

/** The stream or socket itself, past the response object; that one only where it waits for its turn on the connection, or knows no chunks. */
export function frameOutput({ stream, res }: RequestState): FrameOutput {
  if (stream !== undefined) return { out: stream, framing: 'plain' };
  if (res.chunkedEncoding && res.socket) return { out: res.socket, framing: 'chunked' };
  return { out: res, framing: 'plain' };
}

const CRLF = Buffer.from('\r\n');

/** One chunk of HTTP/1.1's chunked coding (RFC 9112, 7.1). */
export function chunk(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`, 'latin1'), body, CRLF]);
}

const FINAL = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;

/** One message of a WebSocket, as servers send them: whole and not masked (RFC 6455, 5.2). */
export function message(body: Buffer, isText: boolean): Buffer {
  const { length } = body;
  const head = Buffer.alloc(length < 126 ? 2 : length < 0x10000 ? 4 : 10);
  head[0] = FINAL | (isText ? TEXT : BINARY);
  head[1] = length < 126 ? length : length < 0x10000 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, body]);
}
