import { describe, expect, it } from 'vitest';
import { prefixed, uint32 } from '../../../testing/etcd/scripted-peer.js';
import { MessageError, MessageReader } from './message-reader.js';

describe('MessageReader', () => {
  it.each([0, 1, 5, 40])('puts a message of %i bytes together from pieces of any size', (length) => {
    const message = Buffer.from(Array.from({ length }, (_, i) => i));
    const bytes = prefixed(message);
    for (let size = 1; size <= bytes.length; size++) {
      const reader = new MessageReader();
      for (let at = 0; at < bytes.length; at += size) {
        expect(reader.message).toBeUndefined();
        reader.push(bytes.subarray(at, at + size));
      }
      expect(reader.message).toEqual(message);
    }
  });

  it('does not copy what came in one piece', () => {
    const bytes = prefixed(Buffer.from('message'));
    const reader = new MessageReader();
    reader.push(bytes);
    expect(reader.message?.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['compressed', Buffer.concat([Buffer.of(1), uint32(1), Buffer.of(0)])],
    ['too large', Buffer.concat([Buffer.of(0), uint32(2 ** 31)])],
    ['followed by another', Buffer.concat([prefixed(Buffer.from('a')), prefixed(Buffer.from('b'))])],
    ['empty and followed by something', Buffer.concat([prefixed(Buffer.alloc(0)), Buffer.of(0)])],
  ])('refuses a message that is %s, in one piece or many', (_name, bytes) => {
    expect(() => new MessageReader().push(bytes)).toThrow(MessageError);
    const reader = new MessageReader();
    expect(() => {
      for (const octet of bytes) reader.push(Buffer.of(octet));
    }).toThrow(MessageError);
  });
});
