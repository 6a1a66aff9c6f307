import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { KeelsonContext } from '../../http/context.js';
import { replyTextError } from '../../http/reply.js';
import { byteRange } from './byte-range.js';
import { contentType } from './content-type.js';

/** Streams a file at its reader's pace: all of it as it is now, or the part that a Range header names. */
export async function sendFile(ctx: KeelsonContext, file: FileHandle, stats: Stats, name: string): Promise<void> {
  if (answerUnchanged(ctx, stats)) return;
  const { req, res, state } = ctx;
  const range = byteRange(wantsPart(ctx, stats) ? (req.headers.range ?? '') : '', stats.size);
  if (typeof range === 'string') {
    if (range !== 'invalid range') res.setHeader('Content-Range', `bytes */${stats.size}`);
    return replyTextError(ctx, 416, range);
  }
  ctx.respond = false;
  const { first, last } = range ?? { first: 0, last: stats.size - 1 };
  const length = last - first + 1;
  res.setHeader('Content-Type', await contentType(file, name));
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('Content-Length', length);
  if (range) res.setHeader('Content-Range', `bytes ${first}-${last}/${stats.size}`);
  res.statusCode = range ? 206 : 200;
  state.responseBytes = length;
  if (length === 0) {
    res.end();
    return;
  }
  const content = file.createReadStream({ start: first, end: last, autoClose: false });
  await pipeline(content, res, { signal: state.signal, end: false });
  // A rotated file is shorter than was promised: the client must not wait for the rest.
  if (content.bytesRead < length) throw new Error(`${name} has been truncated`);
  res.end();
}

/** Sets Last-Modified and answers 304 when the client's copy is as new. */
export function answerUnchanged(ctx: KeelsonContext, { mtime }: Stats): boolean {
  const { req, res } = ctx;
  res.setHeader('Last-Modified', mtime.toUTCString());
  const known = Date.parse(req.headers['if-modified-since'] ?? '');
  if (req.headers['if-none-match'] !== undefined || !(wholeSeconds(mtime) <= known)) return false;
  ctx.respond = false;
  res.statusCode = 304;
  res.end();
  return true;
}

/** The parts that the client has already (If-Range) must be of the file as it is now. There are no entity tags. */
function wantsPart({ req }: KeelsonContext, { mtime }: Stats): boolean {
  const condition = req.headers['if-range'];
  return condition === undefined || Date.parse(String(condition)) === wholeSeconds(mtime);
}

/** HTTP dates have no fractions of seconds. */
function wholeSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}
