import type { Json, JsonObject, UserInfo } from '@keelson/machinery';
import { type ForeignV2, ForeignV3, type OpenApiCatalog } from '@keelson/server';
import { type Fetched, fetchFrom } from '../fetch-from.js';
import type { RemoteApiService } from '../remote-api-service.js';
import { filterV2 } from './filter-v2.js';
import type { Turns } from './turns.js';
import { v3FromV2 } from './v3-from-v2.js';

/** Who reads the documents of extension servers, as they know it from kube-apiserver. */
const READER: UserInfo = { name: 'system:aggregator', groups: [] };
const REFRESH_MS = 60_000;
/** Large documents take their time. */
const TIMEOUT_MS = 60_000;

/** What OpenAPI documents tell of a group-version that an extension server serves. It is read beforehand, so that nobody who asks waits for it. */
export class RemoteOpenApi {
  readonly #remote: RemoteApiService;
  readonly #catalog: OpenApiCatalog;
  readonly #key: string;
  readonly #turns: Turns;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** Where the v3 document was, its hash included. */
  #v3Url = '';
  #v2Tag: string | undefined;
  #reading = false;
  #left = false;

  /** `turns`: documents are large, and read by a few at a time. */
  constructor(remote: RemoteApiService, catalog: OpenApiCatalog, turns: Turns) {
    this.#turns = turns;
    this.#remote = remote;
    this.#catalog = catalog;
    this.#key = remote.root.slice(1);
  }

  /** Reads again what has changed, unless that was done just now. Rejects with the reason when there is no answer. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#reading || performance.now() - this.#readAtMs < REFRESH_MS) return;
    this.#reading = true;
    try {
      await this.#turns.take(() => this.#read(signal));
      this.#readAtMs = performance.now();
    } finally {
      this.#reading = false;
    }
  }

  /** What it has told stays, and nothing is added to it: another one tells of the same from now on. */
  leave(): void {
    this.#left = true;
  }

  withdraw(): void {
    this.leave();
    this.#catalog.setRemoteV2(this.#key, undefined);
    this.#catalog.setRemoteV3(this.#key, undefined);
  }

  async #read(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const hasV3 = await this.#refreshV3(signal);
    const changed = await this.#refreshV2(signal);
    if (!hasV3 && changed !== undefined) this.#publish(Buffer.from(JSON.stringify(v3FromV2(changed.part, changed.info))));
  }

  /** False when the server has no such documents. */
  async #refreshV3(signal: AbortSignal): Promise<boolean> {
    const index = await this.#fetch('/openapi/v3', signal);
    if (index.code !== 200) return false;
    const { paths = {} } = JSON.parse(index.body.toString()) as { paths?: Record<string, { serverRelativeURL?: string }> };
    const url = paths[this.#key]?.serverRelativeURL ?? '';
    if (!url.startsWith('/openapi/v3/') || url === this.#v3Url) return url !== '';
    const document = await this.#fetch(url, signal);
    if (document.code !== 200) return false;
    this.#publish(document.body, new URLSearchParams(url.split('?')[1]).get('hash') ?? undefined);
    this.#v3Url = url;
    return true;
  }

  /** What has changed, and what the document is of; undefined when nothing has, or there is none. */
  async #refreshV2(signal: AbortSignal): Promise<{ readonly part: ForeignV2; readonly info: Json } | undefined> {
    const condition = this.#v2Tag === undefined ? {} : { 'if-none-match': this.#v2Tag };
    const { code, headers, body } = await this.#fetch('/openapi/v2', signal, condition);
    if (code !== 200) return undefined;
    const document = JSON.parse(body.toString()) as JsonObject;
    const part = filterV2(document, this.#remote.root);
    this.#v2Tag = headers.etag;
    if (!this.#left) this.#catalog.setRemoteV2(this.#key, part);
    return { part, info: document.info ?? {} };
  }

  #publish(json: Buffer, hash?: string): void {
    if (!this.#left) this.#catalog.setRemoteV3(this.#key, new ForeignV3(json, hash));
  }

  #fetch(path: string, signal: AbortSignal, condition: Readonly<Record<string, string>> = {}): Promise<Fetched> {
    const headers = { accept: 'application/json', ...condition };
    return fetchFrom(this.#remote, path, { headers, user: READER, timeoutMs: TIMEOUT_MS, signal });
  }
}
