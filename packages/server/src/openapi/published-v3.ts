import { CachedBody, contentHash } from '../respond/cached-body.js';
import { documentV3, type OpenApiInfo } from './documents.js';
import { encodeJson } from './encode-json.js';
import { encodeGnostic } from './gnostic/encode.js';
import { openApiV3Forms } from './gnostic/openapi-v3.js';
import { type OpenApiForm, protobufType } from './openapi-form.js';
import type { OpenApiSource } from './openapi-source.js';

interface JsonForm {
  readonly hash: string;
  readonly body: CachedBody;
}

/** The v3 document of a source, made at most once in each form. */
export class PublishedV3 {
  readonly source: OpenApiSource;
  readonly #info: OpenApiInfo;
  #json: Promise<JsonForm> | undefined;
  #protobuf: Promise<CachedBody> | undefined;

  constructor(source: OpenApiSource, info: OpenApiInfo) {
    this.source = source;
    this.#info = info;
  }

  /** Names the content, whatever the form: that of the document's URL. */
  async hash(): Promise<string> {
    this.#json ??= this.#makeJson();
    return (await this.#json).hash;
  }

  async body(form: OpenApiForm): Promise<CachedBody> {
    if (form === 'protobuf') {
      this.#protobuf ??= this.#makeProtobuf();
      return this.#protobuf;
    }
    this.#json ??= this.#makeJson();
    return (await this.#json).body;
  }

  async #makeJson(): Promise<JsonForm> {
    const json = await encodeJson(await documentV3(this.source, this.#info));
    const hash = contentHash(json);
    const body = new CachedBody('application/json', json, hash);
    await body.compact();
    return { hash, body };
  }

  async #makeProtobuf(): Promise<CachedBody> {
    const body = new CachedBody(protobufType('v3'), await encodeGnostic(openApiV3Forms, await documentV3(this.source, this.#info)));
    await body.compact();
    return body;
  }
}
