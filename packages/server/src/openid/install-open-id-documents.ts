import type { JsonObject } from '@keelson/machinery';
import type { PathLayer } from '../dispatch/path-layer.js';
import type { Handler } from '../http/context.js';
import { reply } from '../http/reply.js';

/** A document that relying parties read: it changes with the server's start only. */
export interface OpenIdDocument {
  readonly path: string;
  readonly contentType: string;
  readonly content: JsonObject;
}

/** Relying parties may keep the documents so long: a new key must be among the keys this long before it signs. */
const cacheControl = 'public, max-age=3600';

/** Serves what relying parties must know of the issuer of service account tokens (OpenID Connect Discovery 1.0, RFC 7517). */
export function installOpenIdDocuments(paths: PathLayer, documents: readonly OpenIdDocument[]): void {
  for (const { path, contentType, content } of documents) paths.handle(path, serve(contentType, JSON.stringify(content)));
}

function serve(contentType: string, text: string): Handler {
  return (ctx) => {
    ctx.res.setHeader('Cache-Control', cacheControl);
    reply(ctx, 200, contentType, text);
    return undefined;
  };
}
