import { Buffer } from 'node:buffer';

/** Large enough for nearly all objects (a store's limit is 1.5 MiB) and small enough to be kept. */
const keptBytes = 512 * 1024;

/** Shared by all writers: nothing between the start of a write and the copy of its result gives up control. */
const scratch = Buffer.allocUnsafeSlow(keptBytes);

/**
 * The bytes that `write` puts at the end of the buffer it gets, when it gives back their start. A negative start says
 * how much was missing.
 */
export function readBackwards(write: (buffer: Buffer) => number): Buffer {
  const start = write(scratch);
  if (start >= 0) return Buffer.from(scratch.subarray(start));
  return withLarger(scratch.length - start, (larger) => larger.subarray(write(larger)));
}

/** The bytes that `write` puts at the start of the buffer it gets, when it gives back their end. */
export function readForwards(write: (buffer: Buffer) => number): Buffer {
  const end = write(scratch);
  if (end <= scratch.length) return Buffer.from(scratch.subarray(0, end));
  return withLarger(end, (larger) => larger.subarray(0, write(larger)));
}

/** A buffer for one oversized object; it is the result, so nothing is copied or kept. */
function withLarger(size: number, use: (larger: Buffer) => Buffer): Buffer {
  return use(Buffer.allocUnsafeSlow(size));
}
