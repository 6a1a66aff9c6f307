import { describe, expect, it } from 'vitest';
import { keySpan, prefixSpan, spanBehind } from './key-span.js';

const text = ({ start, end }: { start: Uint8Array; end?: Uint8Array }) => [
  Buffer.from(start).toString('latin1'),
  end && Buffer.from(end).toString('latin1'),
];

describe('key spans', () => {
  it('hold one key, a prefix, or everything', () => {
    expect(text(keySpan('/a'))).toEqual(['/a', undefined]);
    expect(text(prefixSpan('/a/'))).toEqual(['/a/', '/a0']);
    expect(text(prefixSpan(''))).toEqual(['\0', '\0']);
  });

  it('start behind a key', () => {
    expect(text(prefixSpan('/a/', '/a/b'))).toEqual(['/a/b\0', '/a0']);
    expect(text(prefixSpan('', '/a/b'))).toEqual(['/a/b\0', '\0']);
    expect(text(spanBehind(prefixSpan('/a/'), '/a/b'))).toEqual(['/a/b\0', '/a0']);
  });

  it('never start before the prefix', () => {
    expect(text(prefixSpan('/b/', '/a/x'))).toEqual(['/b/', '/b0']);
  });

  it('end behind prefixes of characters outside ASCII', () => {
    const { start, end } = prefixSpan('ü');
    expect([...start, ...(end ?? [])]).toEqual([0xc3, 0xbc, 0xc3, 0xbd]);
  });
});
