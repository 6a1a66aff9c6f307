/** Keys from `start` up to, not including, `end`; without `end` the one key `start`. */
export interface KeySpan {
  readonly start: Uint8Array;
  readonly end?: Uint8Array;
}

/** As a start: the lowest key. As an end: no end. */
const ZERO = Buffer.from([0]);

export function keySpan(key: string): KeySpan {
  return { start: Buffer.from(key) };
}

/** Every key that begins with `prefix`; behind the key `after`, if it is given. */
export function prefixSpan(prefix: string, after?: string): KeySpan {
  const start = Buffer.from(prefix);
  const behind = after === undefined ? start : keyBehind(after);
  const end = prefix === '' ? ZERO : nextPrefix(start);
  if (Buffer.compare(behind, start) > 0) return { start: behind, end };
  return { start: prefix === '' ? ZERO : start, end };
}

/** The part of `span` behind `key`. */
export function spanBehind(span: KeySpan, key: string): KeySpan {
  return { ...span, start: keyBehind(key) };
}

/** The lowest key above `key`. */
function keyBehind(key: string): Buffer {
  return Buffer.concat([Buffer.from(key), ZERO]);
}

/** The lowest key above every key that begins with `prefix`. UTF-8 has no byte 0xff, so the last byte can grow. */
function nextPrefix(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix);
  next[next.length - 1] = (next.at(-1) as number) + 1;
  return next;
}
