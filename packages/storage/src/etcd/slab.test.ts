import { describe, expect, it } from 'vitest';
import { Slab } from './slab.js';

describe('Slab', () => {
  it('copies values of every size, none touching another', () => {
    const slab = new Slab(64);
    const sources = Array.from({ length: 200 }, (_, i) => Buffer.alloc(i % 80, i));
    const copies = sources.map((source) => slab.copy(Buffer.concat([Buffer.from('ab'), source, Buffer.from('c')]), 2, 2 + source.length));
    for (const source of sources) source.fill(0xff);
    expect(copies).toEqual(Array.from({ length: 200 }, (_, i) => Buffer.alloc(i % 80, i)));
  });

  it('puts small values together and gives large ones their own memory', () => {
    const slab = new Slab(64);
    const [one, two, large] = [slab.copy(Buffer.alloc(8), 0, 8), slab.copy(Buffer.alloc(8), 0, 8), slab.copy(Buffer.alloc(16), 0, 16)];
    expect(two?.buffer).toBe(one?.buffer);
    expect(large?.buffer).not.toBe(one?.buffer);
    expect(large?.buffer.byteLength).toBe(16);
  });
});
