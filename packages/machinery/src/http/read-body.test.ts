import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readBeginning, readBody } from './read-body.js';

const pieces = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

it('reads a body whole, up to its limit', async () => {
  expect(String(await readBody(pieces('ab', 'cd'), 4))).toBe('abcd');
  await expect(readBody(pieces('ab', 'cde'), 4, '/openapi')).rejects.toThrow('/openapi is larger than 4 bytes');
});

it('reads the beginning of a body, and waits for no more', async () => {
  expect(String(await readBeginning(pieces('ab'), 4))).toBe('ab');
  const endless = new PassThrough();
  endless.write('abc');
  endless.write('def');
  expect(String(await readBeginning(endless, 4))).toBe('abcd');
  expect(endless.destroyed).toBe(true);
});
