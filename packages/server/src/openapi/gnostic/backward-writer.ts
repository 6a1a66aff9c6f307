import { Buffer } from 'node:buffer';

/** Writes protobuf from the last byte to the first: the length of a message is known when its head is written. */
export class BackwardWriter {
  #buffer = Buffer.allocUnsafe(4096);
  /** Index of the first byte written. */
  #at = this.#buffer.length;

  /** Bytes written so far: to give to `message` when what belongs into it is written. */
  get written(): number {
    return this.#buffer.length - this.#at;
  }

  string(field: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.#reserve(length);
    this.#at -= length;
    this.#buffer.write(text, this.#at);
    this.#head(field, length);
  }

  /** A message whose fields are everything written since `written` was `before`. */
  message(field: number, before: number): void {
    this.#head(field, this.written - before);
  }

  varint(field: number, value: number): void {
    this.#varint(value);
    this.#varint(field * 8);
  }

  double(field: number, value: number): void {
    this.#reserve(8);
    this.#at -= 8;
    this.#buffer.writeDoubleLE(value, this.#at);
    this.#varint(field * 8 + 1);
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #head(field: number, length: number): void {
    this.#varint(length);
    this.#varint(field * 8 + 2);
  }

  #varint(value: number): void {
    const digits: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) digits.push((rest % 0x80) | 0x80);
    digits.push(rest);
    this.#reserve(digits.length);
    this.#at -= digits.length;
    digits.forEach((digit, index) => {
      this.#buffer[this.#at + index] = digit;
    });
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#at) return;
    const { written } = this;
    const larger = Buffer.allocUnsafe(2 * (written + bytes));
    this.#buffer.copy(larger, larger.length - written, this.#at);
    this.#at = larger.length - written;
    this.#buffer = larger;
  }
}
