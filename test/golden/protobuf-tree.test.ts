import { describe, expect, it } from 'vitest';
import { decodeEnvelope, isProtobuf } from './protobuf-tree.js';

function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}
const varint = (number: number, ...bytes: number[]) => Buffer.from([number << 3, ...bytes]);

function envelope(...fields: Buffer[]): Buffer {
  const typeMeta = Buffer.concat([field(1, 'v1'), field(2, 'ConfigMap')]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, Buffer.concat(fields)), field(3, ''), field(4, '')]);
}
const raw = (...fields: Buffer[]) => decodeEnvelope(envelope(...fields)).raw;

describe('decodeEnvelope', () => {
  it('shows the envelope and the object as a tree', () => {
    const bytes = envelope(field(1, Buffer.concat([field(1, 'n'), field(2, '')])), field(2, 'text'), varint(4, 0xac, 0x02));
    expect(isProtobuf(bytes)).toBe(true);
    expect(decodeEnvelope(bytes)).toEqual({
      magic: true,
      apiVersion: 'v1',
      kind: 'ConfigMap',
      raw: [
        [
          1,
          [
            [1, 'n'],
            [2, ''],
          ],
        ],
        [2, 'text'],
        [4, 300],
      ],
      contentEncoding: '',
      contentType: '',
    });
  });

  it('takes a printable text for a text, even where it parses', () => {
    expect(raw(field(1, 'pv'), field(2, 'Event'), field(3, 'héé'))).toEqual([
      [1, 'pv'],
      [2, 'Event'],
      [3, 'héé'],
    ]);
  });

  it('shows what is neither printable nor a message as text if it is one, else in hexadecimal', () => {
    expect(raw(field(1, '\0\u0001\u0002'), field(2, Buffer.from([0xff, 0xfe])))).toEqual([
      [1, '\0\u0001\u0002'],
      [2, '0xfffe'],
    ]);
  });

  it('shows fixed numbers by their bytes', () => {
    expect(raw(Buffer.from([(9 << 3) | 1, 0, 0, 0, 0, 0, 0, 0x24, 0x40]), Buffer.from([(2 << 3) | 5, 1, 0, 0, 0]))).toEqual([
      [9, '0x0000000000002440'],
      [2, '0x01000000'],
    ]);
  });

  it('refuses bytes that end in the middle of a field', () => {
    expect(() => decodeEnvelope(Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x0a, 9])]))).toThrow('the envelope does not parse');
  });
});
