import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { combineCrc, crcShift } from './crc32-combine.js';

describe('combineCrc', () => {
  it.each([
    ['', ''],
    ['', 'second'],
    ['first', ''],
    ['first', 's'],
    ['first', 'second '.repeat(12_345)],
    ['first'.repeat(70_001), 'second'],
  ])('knows the checksum of two texts in a row: %#', (first, second) => {
    const combined = combineCrc(crc32(first), crc32(second), crcShift(Buffer.byteLength(second)));
    expect(combined).toBe(crc32(first + second));
  });
});
