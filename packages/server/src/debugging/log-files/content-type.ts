import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';

/** Extensions that Go knows without the system's tables. */
const byExtension: ReadonlyMap<string, string> = new Map([
  ['.avif', 'image/avif'],
  ['.css', 'text/css; charset=utf-8'],
  ['.gif', 'image/gif'],
  ['.htm', 'text/html; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.jpeg', 'image/jpeg'],
  ['.jpg', 'image/jpeg'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.pdf', 'application/pdf'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.wasm', 'application/wasm'],
  ['.webp', 'image/webp'],
  ['.xml', 'text/xml; charset=utf-8'],
]);

const sniffedBytes = 512;

/**
 * By extension, else by the first bytes, of which only those are told apart that logs have: text, gzip, anything else.
 * In particular a log is no web page, whatever somebody managed to have logged in its first line.
 */
export async function contentType(file: FileHandle, name: string): Promise<string> {
  const known = byExtension.get(extname(name).toLowerCase());
  if (known !== undefined) return known;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
  return sniff(buffer.subarray(0, bytesRead));
}

function sniff(bytes: Buffer): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08) return 'application/x-gzip';
  return bytes.some(isBinary) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

/** Control characters that no text has: all but tab, line feed, form feed, carriage return and escape. */
function isBinary(byte: number): boolean {
  return byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte);
}
