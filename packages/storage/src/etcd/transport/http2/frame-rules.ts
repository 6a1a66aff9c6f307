import { ConnectionError, ErrorCode, FrameType } from './protocol.js';

const GOAWAY_BYTES = 8;

const OF_CONNECTION: ReadonlySet<number> = new Set([FrameType.SETTINGS, FrameType.PING, FrameType.GOAWAY]);
const OF_STREAM: ReadonlySet<number> = new Set([
  FrameType.DATA,
  FrameType.HEADERS,
  FrameType.PRIORITY,
  FrameType.RST_STREAM,
  FrameType.CONTINUATION,
]);

/** Frames are of a stream or of the connection, by their type (RFC 9113, 6). */
export function checkStreamOf(type: number, streamId: number): void {
  if (OF_CONNECTION.has(type) && streamId !== 0) throw protocolError(`a frame of type ${type} on a stream`);
  if (OF_STREAM.has(type) && streamId === 0) throw protocolError(`a frame of type ${type} without a stream`);
}

/** The payload, of which the size is fixed. */
export function sized(payload: Buffer, bytes: number): Buffer {
  if (payload.length !== bytes) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a payload of ${payload.length} bytes, not ${bytes}`);
  return payload;
}

/** The last stream that the sender of a GOAWAY has taken. */
export function lastStreamOf(payload: Buffer): number {
  if (payload.length < GOAWAY_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a short GOAWAY');
  return payload.readUInt32BE(0) & 0x7fffffff;
}

export function protocolError(message: string): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, message);
}
