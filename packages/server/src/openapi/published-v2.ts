import { CachedBody } from '../respond/cached-body.js';
import { documentV2, type OpenApiInfo } from './documents.js';
import { encodeJson } from './encode-json.js';
import { encodeGnostic } from './gnostic/encode.js';
import { openApiV2Forms } from './gnostic/openapi-v2.js';
import { type OpenApiForm, protobufType } from './openapi-form.js';
import type { OpenApiSource } from './openapi-source.js';

/** The v2 document of one state of the API, made at most once in each form. */
export class PublishedV2 {
  readonly #sources: readonly OpenApiSource[];
  readonly #info: OpenApiInfo;
  readonly #bodies = new Map<OpenApiForm, Promise<CachedBody>>();

  constructor(sources: readonly OpenApiSource[], info: OpenApiInfo) {
    this.#sources = sources;
    this.#info = info;
  }

  body(form: OpenApiForm): Promise<CachedBody> {
    let body = this.#bodies.get(form);
    if (body === undefined) {
      body = this.#make(form);
      this.#bodies.set(form, body);
    }
    return body;
  }

  async #make(form: OpenApiForm): Promise<CachedBody> {
    const document = await documentV2(this.#sources, this.#info);
    const body =
      form === 'json'
        ? new CachedBody('application/json', await encodeJson(document))
        : new CachedBody(protobufType('v2'), await encodeGnostic(openApiV2Forms, document));
    await body.compact();
    return body;
  }
}
