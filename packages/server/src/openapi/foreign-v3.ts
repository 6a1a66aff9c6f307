import type { JsonObject } from '@keelson/machinery';
import { CachedBody, contentHash } from '../respond/cached-body.js';
import { encodeGnostic } from './gnostic/encode.js';
import { openApiV3Forms } from './gnostic/openapi-v3.js';
import { Once } from './once.js';
import { type OpenApiForm, protobufType } from './openapi-form.js';
import type { PublishedDocument } from './published-document.js';

/** The v3 document of another server: its JSON as it came, under the name that it has there. */
export class ForeignV3 implements PublishedDocument {
  readonly #json: CachedBody;
  readonly #hash: string;
  readonly #protobuf: Once<CachedBody>;

  /** `hash`: its name; the content's own where it has none. */
  constructor(json: Buffer, hash = contentHash(json)) {
    this.#hash = hash;
    this.#json = new CachedBody('application/json', json, hash);
    this.#protobuf = new Once(async () => {
      const { bytes } = await this.#json.bytes(false);
      const body = new CachedBody(
        protobufType('v3'),
        await encodeGnostic(openApiV3Forms, JSON.parse(bytes.toString()) as JsonObject),
        hash,
      );
      await body.compact();
      return body;
    });
  }

  async hash(): Promise<string> {
    return this.#hash;
  }

  async body(form: OpenApiForm): Promise<CachedBody> {
    if (form === 'protobuf') return this.#protobuf.get();
    await this.#json.compact();
    return this.#json;
  }
}
