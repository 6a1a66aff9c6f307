import { encodeFields, type Field } from './hpack.js';

/** The longest time that the eight digits of a timeout can say. */
const MAX_TIMEOUT_MS = 99_999_999;

interface Block {
  readonly timeoutMs: number;
  readonly bytes: Buffer;
}

/**
 * What calls on one connection begin with (gRPC over HTTP/2, Request-Headers), encoded once for each path: calls that are
 * allowed the same time begin with the same bytes.
 */
export class RequestHeaders {
  readonly #origin: readonly Field[];
  readonly #metadata: readonly Field[];
  readonly #blocks = new Map<string, Block>();

  /** `metadata`: of every call, the credentials included. */
  constructor(origin: { readonly scheme: 'http' | 'https'; readonly authority: string }, metadata: readonly Field[]) {
    this.#origin = [
      [':scheme', origin.scheme],
      [':authority', origin.authority],
    ];
    this.#metadata = metadata;
  }

  block(path: string, allowedMs: number): Buffer {
    const timeoutMs = Math.min(MAX_TIMEOUT_MS, Math.max(1, Math.ceil(allowedMs)));
    const known = this.#blocks.get(path);
    if (known?.timeoutMs === timeoutMs) return known.bytes;
    const block: Block = { timeoutMs, bytes: encodeFields(this.#fields(path, timeoutMs)) };
    this.#blocks.set(path, block);
    return block.bytes;
  }

  #fields(path: string, timeoutMs: number): readonly Field[] {
    return [
      [':method', 'POST'],
      [':path', path],
      ...this.#origin,
      ['te', 'trailers'],
      ['grpc-timeout', `${timeoutMs}m`],
      ['content-type', 'application/grpc'],
      ...this.#metadata,
    ];
  }
}
