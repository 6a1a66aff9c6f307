export type { SpdyHeaders } from './header-codec.js';
export { SpdyConnection, type SpdyOptions } from './spdy-connection.js';
export { SpdyStream } from './spdy-stream.js';
