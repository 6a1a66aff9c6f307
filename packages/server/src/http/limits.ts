/** What one client may make the server hold or wait for. */
export interface HttpLimits {
  /** TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** From the first byte of an HTTP/1.1 request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** A connection without a request. */
  readonly idleTimeoutMs: number;
  /** HTTP/2 connections with open streams and no traffic are asked for a sign of life this often. */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConcurrentStreams: number;
  /** What a client may send ahead of its reader, per stream and per connection. */
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
  /** What nghttp2 may hold for one connection, in MB (Node's unit). */
  readonly maxSessionMemoryMb: number;
}

export const defaultHttpLimits: HttpLimits = {
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 32_000,
  idleTimeoutMs: 90_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 15_000,
  maxHeaderBytes: 1 << 20,
  maxConcurrentStreams: 250,
  streamWindowBytes: 256 * 1024,
  connectionWindowBytes: 16 * 1024 * 1024,
  maxSessionMemoryMb: 64,
};
