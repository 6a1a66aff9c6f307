import { PREFIX_BYTES } from './frame-writer.js';

/** What kube-apiserver takes of etcd. */
const MAX_MESSAGE_BYTES = 2 ** 31 - 1;

/** The message of a response is not one that can be read. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/**
 * Puts the one message of a unary response together (gRPC over HTTP/2, Length-Prefixed-Message). One that came in one piece
 * is that piece, any other is copied once.
 */
export class MessageReader {
  #prefixBytes = 0;
  #length = 0;
  #message: Buffer | undefined;
  #filled = 0;

  /** The message, once all of it is there. */
  get message(): Buffer | undefined {
    return this.#filled === this.#length ? this.#message : undefined;
  }

  push(piece: Buffer): void {
    const at = this.#readPrefix(piece);
    if (this.#prefixBytes < PREFIX_BYTES) return;
    const rest = piece.length - at;
    if (this.#filled + rest > this.#length) throw new MessageError('more than one message');
    if (rest === this.#length) this.#message = piece.subarray(at);
    else if (rest > 0) {
      this.#message ??= Buffer.allocUnsafeSlow(this.#length);
      piece.copy(this.#message, this.#filled, at);
    }
    this.#filled += rest;
  }

  /** Where in `piece` the message goes on. */
  #readPrefix(piece: Buffer): number {
    let at = 0;
    for (; this.#prefixBytes < PREFIX_BYTES && at < piece.length; at++) {
      const octet = piece[at] as number;
      if (this.#prefixBytes === 0 && octet !== 0) throw new MessageError('a compressed message, which was not asked for');
      this.#length = this.#length * 0x100 + octet;
      this.#prefixBytes++;
    }
    if (this.#length > MAX_MESSAGE_BYTES) throw new MessageError(`a message of ${this.#length} bytes`);
    return at;
  }
}
