import type { PathLayer } from '../dispatch/path-layer.js';
import type { KeelsonContext } from '../http/context.js';
import { reply } from '../http/reply.js';
import { CachedBody, sendCached } from '../respond/cached-body.js';
import type { OpenApiCatalog } from './openapi-catalog.js';
import { type OpenApiForm, openApiForm } from './openapi-form.js';
import type { PublishedDocument } from './published-document.js';

const V3 = '/openapi/v3';

/** Serves the catalog's documents: v2 as a whole, v3 as an index of documents and each of them. */
export function installOpenApi(paths: PathLayer, catalog: OpenApiCatalog): void {
  const negotiated = (ctx: KeelsonContext) => sendV2(ctx, catalog, openApiForm(ctx, 'v2'));
  const json = (ctx: KeelsonContext) => sendV2(ctx, catalog, 'json');
  paths.handle('/openapi/v2', negotiated, 'any');
  // Where clients of before 1.10 look.
  paths.handle('/swagger.json', negotiated, 'any');
  paths.handle('/swagger-2.0.0.json', json, 'any');
  paths.handle('/swaggerapi', json, 'any');
  paths.handle('/swagger-2.0.0.pb-v1', (ctx) => sendV2(ctx, catalog, 'protobuf'), 'any');
  paths.handle(V3, (ctx) => sendIndex(ctx, catalog), 'any');
  paths.handlePrefix(
    `${V3}/`,
    (ctx) => sendV3(ctx, catalog),
    'any',
    () => [''],
  );
}

async function sendV2(ctx: KeelsonContext, catalog: OpenApiCatalog, form: OpenApiForm | undefined): Promise<void> {
  if (form === undefined) return refuse(ctx, 406);
  return sendCached(ctx, await catalog.v2.body(form));
}

/** Documents by key, each with the hash of its content in its URL: clients may keep for good what they read there. */
async function sendIndex(ctx: KeelsonContext, catalog: OpenApiCatalog): Promise<void> {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const [key, document] of catalog.allV3) paths[key] = { serverRelativeURL: urlOf(key, await document.hash()) };
  return sendCached(ctx, new CachedBody('application/json', Buffer.from(JSON.stringify({ paths }))));
}

function urlOf(key: string, hash: string): string {
  return `${V3}/${key}?hash=${hash}`;
}

async function sendV3(ctx: KeelsonContext, catalog: OpenApiCatalog): Promise<void> {
  const key = ctx.state.info.path.slice(V3.length + 1);
  const document = catalog.v3(key);
  if (document === undefined) return refuse(ctx, 404);
  const form = openApiForm(ctx, 'v3');
  if (form === undefined) return refuse(ctx, 406);
  const asked = ctx.state.query.get('hash');
  if (asked !== '' && !(await isCurrent(ctx, key, document, asked))) return;
  return sendCached(ctx, await document.body(form));
}

/** Redirects a client that asks by an old hash to the new one; what it asks by the right one it may keep for a year. */
async function isCurrent(ctx: KeelsonContext, key: string, document: PublishedDocument, asked: string): Promise<boolean> {
  const { res } = ctx;
  const hash = await document.hash();
  if (asked !== hash) {
    res.setHeader('Location', urlOf(key, hash));
    reply(ctx, 301, 'text/html; charset=utf-8', `<a href="${urlOf(key, hash)}">Moved Permanently</a>.\n\n`);
    return false;
  }
  res.setHeader('Cache-Control', 'public, immutable');
  res.setHeader('Expires', new Date(Date.now() + YEAR_MS).toUTCString());
  return true;
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

function refuse(ctx: KeelsonContext, code: number): void {
  ctx.respond = false;
  ctx.res.statusCode = code;
  ctx.res.end();
}
