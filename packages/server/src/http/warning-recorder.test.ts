import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { formatWarning, WarningRecorder } from './warning-recorder.js';

describe('formatWarning', () => {
  it.each([
    ['unknown field "nope"', '299 - "unknown field \\"nope\\""'],
    ['a\\b', '299 - "a\\\\b"'],
    ['two\nlines', undefined],
  ])('quotes %j', (text, expected) => {
    expect(formatWarning(text)).toBe(expected);
  });

  it('keeps other scripts as UTF-8 bytes', () => {
    expect(Buffer.from(formatWarning('ü') ?? '', 'latin1').toString('utf8')).toBe('299 - "ü"');
  });
});

describe('WarningRecorder', () => {
  const record = (...texts: string[]): readonly string[] => {
    const res = new ServerResponse(new IncomingMessage(new Socket()));
    const recorder = new WarningRecorder(res);
    for (const text of texts) recorder.add(text);
    return (res.getHeader('Warning') ?? []) as string[];
  };

  it('tells every text once, in order', () => {
    expect(record('b', 'a', 'b', '')).toEqual(['299 - "b"', '299 - "a"']);
  });

  it('cuts every text when together they are too long, and stops when even that is full', () => {
    const texts = Array.from({ length: 30 }, (_, at) => `${String(at).padStart(2, '0')}${'x'.repeat(998)}`);
    const kept = record(...texts);
    expect(kept).toHaveLength(16);
    expect(kept[0]).toBe(`299 - "00${'x'.repeat(254)}"`);
    expect(kept[15]).toBe(`299 - "15${'x'.repeat(254)}"`);
  });
});
