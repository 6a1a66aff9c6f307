import type { OpenApiInfo } from './documents.js';
import type { OpenApiSource } from './openapi-source.js';
import { PublishedV2 } from './published-v2.js';
import { PublishedV3 } from './published-v3.js';

/** What OpenAPI documents tell of: a live set of sources. Documents are made when they are first asked for, and kept. */
export class OpenApiCatalog {
  readonly #sources = new Map<string, PublishedV3>();
  readonly #info: OpenApiInfo;
  #v2: PublishedV2 | undefined;

  constructor(info: OpenApiInfo) {
    this.#info = info;
  }

  /** Adds a source, or puts it in the place of the one with its key. */
  set(source: OpenApiSource): void {
    this.#sources.set(source.key, new PublishedV3(source, this.#info));
    this.#v2 = undefined;
  }

  delete(key: string): void {
    if (this.#sources.delete(key)) this.#v2 = undefined;
  }

  /** The one v2 document. */
  get v2(): PublishedV2 {
    this.#v2 ??= new PublishedV2(
      [...this.#sources.values()].map(({ source }) => source),
      this.#info,
    );
    return this.#v2;
  }

  v3(key: string): PublishedV3 | undefined {
    return this.#sources.get(key);
  }

  /** Every v3 document by key, sorted. */
  get allV3(): readonly [key: string, document: PublishedV3][] {
    return [...this.#sources].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
