import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflateFragment, GZIP_HEAD, GzipSum, storedFragment } from './gzip-fragment.js';

describe('gzip fragments', () => {
  it('make one member in any order, compressed and stored ones', async () => {
    const text = Buffer.from('{"kind":"Pod"},'.repeat(5000));
    const [pods, comma, empty] = [await deflateFragment(text), storedFragment(Buffer.from(',')), storedFragment(Buffer.alloc(0))];
    const sum = new GzipSum();
    const parts = [comma, pods, empty, pods, comma].map((fragment) => {
      sum.add(fragment);
      return fragment.compressed;
    });
    const member = Buffer.concat([GZIP_HEAD, ...parts, sum.tail()]);
    expect(gunzipSync(member).toString()).toBe(`,${text}${text},`);
    expect(pods.compressed.length).toBeLessThan(text.length / 20);
  });

  it('join into one', async () => {
    const text = Buffer.from('{"kind":"Pod"},'.repeat(5000));
    const parts = [storedFragment(Buffer.from('[')), await deflateFragment(text), storedFragment(Buffer.from(']'))];
    const inner = new GzipSum();
    for (const part of parts) inner.add(part);
    const joined = inner.joined(Buffer.concat(parts.map(({ compressed }) => compressed)));
    const sum = new GzipSum();
    for (const fragment of [joined, joined]) sum.add(fragment);
    const member = Buffer.concat([GZIP_HEAD, joined.compressed, joined.compressed, sum.tail()]);
    expect(gunzipSync(member).toString()).toBe(`[${text}][${text}]`);
  });

  it('has a member without fragments', () => {
    expect(gunzipSync(Buffer.concat([GZIP_HEAD, new GzipSum().tail()]))).toHaveLength(0);
  });
});
