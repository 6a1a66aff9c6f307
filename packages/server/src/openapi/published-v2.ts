import { CachedBody } from '../respond/cached-body.js';
import { documentV2, type OpenApiInfo } from './documents.js';
import { encodeJson } from './encode-json.js';
import { addForeign, type ForeignV2 } from './foreign-v2.js';
import { encodeGnostic } from './gnostic/encode.js';
import { openApiV2Forms } from './gnostic/openapi-v2.js';
import { Once } from './once.js';
import { type OpenApiForm, protobufType } from './openapi-form.js';
import type { OpenApiSource } from './openapi-source.js';

/** The v2 document of one state of the API, made at most once in each form. */
export class PublishedV2 {
  readonly #bodies: Readonly<Record<OpenApiForm, Once<CachedBody>>>;

  constructor(sources: readonly OpenApiSource[], info: OpenApiInfo, foreign: readonly ForeignV2[] = []) {
    const make = async () => {
      const document = await documentV2(sources, info);
      await addForeign(document, foreign);
      return document;
    };
    this.#bodies = {
      json: new Once(async () => compacted('application/json', await encodeJson(await make()))),
      protobuf: new Once(async () => compacted(protobufType('v2'), await encodeGnostic(openApiV2Forms, await make()))),
    };
  }

  body(form: OpenApiForm): Promise<CachedBody> {
    return this.#bodies[form].get();
  }
}

async function compacted(contentType: string, bytes: Buffer): Promise<CachedBody> {
  const body = new CachedBody(contentType, bytes);
  await body.compact();
  return body;
}
