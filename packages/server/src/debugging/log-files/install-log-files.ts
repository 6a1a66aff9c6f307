import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PathLayer } from '../../dispatch/path-layer.js';
import type { KeelsonContext } from '../../http/context.js';
import { reply, replyTextError } from '../../http/reply.js';
import { directoryListing } from './directory-listing.js';
import { answerUnchanged, sendFile } from './send-file.js';

const root = '/logs';

/** Serves a directory of log files and everything below it under `/logs`, as Go's file server does; links are followed. */
export function installLogFiles(paths: PathLayer, directory = '/var/log'): void {
  const serve = (ctx: KeelsonContext) => answer(ctx, directory);
  paths.handle(root, serve);
  paths.handlePrefix(`${root}/`, serve);
}

async function answer(ctx: KeelsonContext, directory: string): Promise<void> {
  const { path } = ctx.state.info;
  if (path.split('/').includes('..')) return replyTextError(ctx, 400, 'invalid URL path');
  if (path.endsWith('/index.html')) return redirect(ctx, './');
  // As Go does, a file is served under its name with a slash, too.
  const file = join(directory, path.slice(root.length)).replace(/\/$/, '');
  try {
    const found = await stat(file);
    await (found.isDirectory() ? answerDirectory(ctx, file, path) : answerFile(ctx, file, found));
  } catch (error) {
    if (ctx.res.headersSent) throw error;
    const [code, text] = failures[(error as NodeJS.ErrnoException).code ?? ''] ?? unknownFailure(error);
    replyTextError(ctx, code, text);
  }
}

async function answerDirectory(ctx: KeelsonContext, directory: string, path: string): Promise<void> {
  if (!path.endsWith('/')) return redirect(ctx, `${basename(path)}/`);
  const index = join(directory, 'index.html');
  const found = await stat(index).catch(() => undefined);
  if (found?.isFile()) return answerFile(ctx, index, found);
  if (answerUnchanged(ctx, await stat(directory))) return;
  reply(ctx, 200, 'text/html; charset=utf-8', await directoryListing(directory));
}

/** Devices, sockets and pipes are no log files: opening one could wait for ever. */
async function answerFile(ctx: KeelsonContext, name: string, found: Stats): Promise<void> {
  if (!found.isFile()) return replyTextError(ctx, ...notFound);
  const file = await open(name);
  try {
    await sendFile(ctx, file, await file.stat(), name);
  } finally {
    await file.close();
  }
}

type Failure = readonly [code: number, text: string];

const notFound: Failure = [404, '404 page not found'];
const forbidden: Failure = [403, '403 Forbidden'];
const failures: Readonly<Record<string, Failure>> = {
  ENOENT: notFound,
  ENOTDIR: notFound,
  ENAMETOOLONG: [404, 'file not found'],
  EACCES: forbidden,
  EPERM: forbidden,
  // A name with a NUL character.
  ERR_INVALID_ARG_VALUE: [500, '500 Internal Server Error'],
};

function unknownFailure(error: unknown): never {
  throw error;
}

function redirect(ctx: KeelsonContext, location: string): void {
  ctx.respond = false;
  const { raw } = ctx.state.query;
  ctx.res.setHeader('Location', raw === '' ? location : `${location}?${raw}`);
  ctx.res.statusCode = 301;
  ctx.res.end();
}
