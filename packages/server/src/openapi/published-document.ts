import type { CachedBody } from '../respond/cached-body.js';
import type { OpenApiForm } from './openapi-form.js';

/** A v3 document, whoever made it. */
export interface PublishedDocument {
  /** Names the content, whatever the form: its URL has it. */
  hash(): Promise<string>;
  body(form: OpenApiForm): Promise<CachedBody>;
}
