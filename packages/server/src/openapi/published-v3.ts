import { CachedBody, contentHash } from '../respond/cached-body.js';
import { documentV3, type OpenApiInfo } from './documents.js';
import { encodeJson } from './encode-json.js';
import { encodeGnostic } from './gnostic/encode.js';
import { openApiV3Forms } from './gnostic/openapi-v3.js';
import { Once } from './once.js';
import { type OpenApiForm, protobufType } from './openapi-form.js';
import type { OpenApiSource } from './openapi-source.js';
import type { PublishedDocument } from './published-document.js';

interface HashedBody {
  readonly hash: string;
  readonly body: CachedBody;
}

/** The v3 document of a source, made at most once in each form. */
export class PublishedV3 implements PublishedDocument {
  readonly #json: Once<HashedBody>;
  readonly #protobuf: Once<HashedBody>;

  constructor(
    readonly source: OpenApiSource,
    info: OpenApiInfo,
  ) {
    this.#json = new Once(async () => hashed('application/json', await encodeJson(await documentV3(source, info))));
    this.#protobuf = new Once(async () => hashed(protobufType('v3'), await encodeGnostic(openApiV3Forms, await documentV3(source, info))));
  }

  /** The hash of its JSON. */
  async hash(): Promise<string> {
    return (await this.#json.get()).hash;
  }

  async body(form: OpenApiForm): Promise<CachedBody> {
    return (await (form === 'json' ? this.#json : this.#protobuf).get()).body;
  }
}

async function hashed(contentType: string, bytes: Buffer): Promise<HashedBody> {
  const hash = contentHash(bytes);
  const body = new CachedBody(contentType, bytes, hash);
  await body.compact();
  return { hash, body };
}
