import type { OpenApiInfo } from './documents.js';
import type { ForeignV2 } from './foreign-v2.js';
import type { OpenApiSource } from './openapi-source.js';
import type { PublishedDocument } from './published-document.js';
import { PublishedV2 } from './published-v2.js';
import { PublishedV3 } from './published-v3.js';

/** What OpenAPI documents tell of: a live set of sources. Documents are made when they are first asked for, and kept. */
export class OpenApiCatalog {
  readonly #sources = new Map<string, PublishedV3>();
  readonly #remoteV3 = new Map<string, PublishedDocument>();
  readonly #remoteV2 = new Map<string, ForeignV2>();
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
      [...this.#remoteV2].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part),
    );
    return this.#v2;
  }

  v3(key: string): PublishedDocument | undefined {
    return this.#remoteV3.get(key) ?? this.#sources.get(key);
  }

  /** Every v3 document by key, sorted. */
  get allV3(): readonly [key: string, document: PublishedDocument][] {
    const all = new Map<string, PublishedDocument>([...this.#sources, ...this.#remoteV3]);
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The document of a group-version that another server serves, in place of what there is of its key; undefined takes it away. */
  setRemoteV3(key: string, document: PublishedDocument | undefined): void {
    if (document === undefined) this.#remoteV3.delete(key);
    else this.#remoteV3.set(key, document);
  }

  /** The same for what the v2 document says of it. */
  setRemoteV2(key: string, part: ForeignV2 | undefined): void {
    if (part === undefined && !this.#remoteV2.has(key)) return;
    if (part === undefined) this.#remoteV2.delete(key);
    else this.#remoteV2.set(key, part);
    this.#v2 = undefined;
  }
}
