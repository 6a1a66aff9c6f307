import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { sourceIps } from './source-ips.js';

it.each<[Record<string, string>, string | undefined, string[]]>([
  [{}, '10.0.0.1', ['10.0.0.1']],
  [{}, '::ffff:10.0.0.1', ['10.0.0.1']],
  [{}, undefined, []],
  [{ 'x-forwarded-for': '1.1.1.1, 2.2.2.2' }, '10.0.0.1', ['1.1.1.1', '2.2.2.2', '10.0.0.1']],
  [{ 'x-forwarded-for': '1.1.1.1, 10.0.0.1' }, '10.0.0.1', ['1.1.1.1', '10.0.0.1']],
  [{ 'x-forwarded-for': '10.0.0.1, 1.1.1.1' }, '10.0.0.1', ['10.0.0.1', '1.1.1.1', '10.0.0.1']],
  [{ 'x-forwarded-for': 'unknown,, 1.1.1.1' }, '10.0.0.1', ['1.1.1.1', '10.0.0.1']],
  [{ 'x-real-ip': '2001:DB8:0:0::1' }, '::1', ['2001:db8::1', '::1']],
  [{ 'x-forwarded-for': '1.1.1.1', 'x-real-ip': '1.1.1.1' }, '10.0.0.1', ['1.1.1.1', '10.0.0.1']],
  [{ 'x-real-ip': '<script>' }, '10.0.0.1', ['10.0.0.1']],
])('%j by %s', (headers, remoteAddress, expected) => {
  expect(sourceIps({ headers, socket: { remoteAddress } } as unknown as IncomingMessage)).toEqual(expected);
});
