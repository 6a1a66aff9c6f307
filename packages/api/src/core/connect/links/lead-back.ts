import { posix } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createDeflateRaw, createGunzip, createGzip, createInflateRaw } from 'node:zlib';
import type { ProxiedAnswer } from '@keelson/server';
import { LinkRewriter } from './link-rewriter.js';

/** Where an answer comes from, and the way there through this server. */
export interface Way {
  /** `host:port` of the destination. */
  readonly to: string;
  /** `host:port` that the client has asked. */
  readonly from: string;
  /** What the destination's `/` is here. */
  readonly prefix: string;
}

const URL_PARTS = /^(?<scheme>[a-z][a-z0-9+.-]*:)?(?:\/\/(?<host>[^/?#]*))?(?<path>[^?#]*)(?<rest>.*)$/is;

/** A link to a path of the destination as one that goes through this server; others stay as they are. */
export function ledBackLink(link: string, { to, from, prefix }: Way): string {
  const { scheme = '', host, path = '', rest = '' } = URL_PARTS.exec(link)?.groups ?? {};
  if ((host && host !== to && host !== from) || !path.startsWith('/')) return link;
  const start = host && host === from ? `${scheme}//${host}` : '';
  return `${start}${path.startsWith(prefix) ? path : posix.join(prefix, path)}${rest}`;
}

/** How pages are read and written that come in an encoding; in others they pass as they are. */
const encodings: Readonly<Record<string, () => [NodeJS.ReadWriteStream, NodeJS.ReadWriteStream] | []>> = {
  '': () => [],
  gzip: () => [createGunzip(), createGzip()],
  deflate: () => [createInflateRaw(), createDeflateRaw()],
};

/** Redirects, and the links of pages, go on through this server. */
export function ledBack(answer: ProxiedAnswer, method: string, way: Way): ProxiedAnswer {
  const { location, 'content-type': type = '', 'content-encoding': encoding = '', ...headers } = answer.headers;
  if (location !== undefined) return { ...answer, headers: { ...answer.headers, location: ledBackLink(location, way) } };
  const isPage = type.split(';', 1)[0]?.trim() === 'text/html';
  if (!isPage || method === 'HEAD' || !Object.hasOwn(encodings, encoding)) return answer;
  const [open, close] = encodings[encoding]?.() ?? [];
  const rewriter = new LinkRewriter((link) => ledBackLink(link, way));
  const steps = open === undefined || close === undefined ? [rewriter] : [open, rewriter, close];
  const body = pipeline([answer.body, ...steps], () => {
    // Whoever reads it is told what goes wrong.
  }) as unknown as Readable;
  const { 'content-length': _length, ...kept } = headers;
  return { ...answer, headers: { ...kept, 'content-type': type, ...(encoding !== '' && { 'content-encoding': encoding }) }, body };
}
