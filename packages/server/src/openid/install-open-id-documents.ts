import type { PathLayer } from '../dispatch/path-layer.js';
import type { Handler } from '../http/context.js';
import { reply } from '../http/reply.js';

/** A document that relying parties read. */
export interface OpenIdDocument {
  readonly path: string;
  readonly contentType: string;
  /** JSON. */
  text(): string;
}

/**
 * Serves what relying parties must know of the issuer of service account tokens (OpenID Connect Discovery 1.0, RFC 7517), and
 * tells them how long they may keep it.
 */
export function installOpenIdDocuments(paths: PathLayer, documents: readonly OpenIdDocument[], maxAgeSeconds: () => number): void {
  for (const document of documents) paths.handleDocument(document.path, document.contentType, serve(document, maxAgeSeconds));
}

function serve({ contentType, text }: OpenIdDocument, maxAgeSeconds: () => number): Handler {
  return (ctx) => {
    ctx.res.setHeader('Cache-Control', `public, max-age=${maxAgeSeconds()}`);
    reply(ctx, 200, contentType, text());
    return undefined;
  };
}
