import type { KeyValue, KvBackend, Revision } from '../kv.js';

const FIRST_PAGE = 500;
const LARGEST_PAGE = 10_000;
/** Pages grow or shrink towards this: large enough to be few, small enough to stay out of the large-object space. */
const PAGE_BYTES = 1024 * 1024;

export interface ScanOptions {
  /** State to read; without it the first page decides, and the later ones read the same. */
  readonly revision?: Revision;
  /** Start behind this full key. */
  readonly after?: string;
  /** False: `remaining` need only tell whether more follows. */
  readonly counted?: boolean;
  /** Size of the first page, when the reader knows how much it wants. */
  readonly firstPage?: number;
}

export interface ScanPage {
  readonly kvs: readonly KeyValue[];
  readonly revision: Revision;
  /** Keys behind this page. */
  readonly remaining: number;
}

/** Reads a range page by page, all of them showing one revision. There is always a first page, perhaps an empty one. */
export async function* scan(backend: KvBackend, prefix: string, options: ScanOptions = {}): AsyncGenerator<ScanPage> {
  const { counted = true } = options;
  let { revision, after } = options;
  let limit = options.firstPage ?? FIRST_PAGE;
  for (;;) {
    const page = await backend.list(prefix, {
      limit,
      counted,
      ...(revision !== undefined && { revision }),
      ...(after !== undefined && { after }),
    });
    revision ??= page.revision;
    const remaining = page.count - page.kvs.length;
    yield { kvs: page.kvs, revision, remaining };
    after = page.kvs.at(-1)?.key;
    if (remaining <= 0 || after === undefined) return;
    limit = nextPageSize(page.kvs);
  }
}

function nextPageSize(kvs: readonly KeyValue[]): number {
  let bytes = 0;
  for (const kv of kvs) bytes += kv.value.byteLength + kv.key.length;
  return Math.max(16, Math.min(LARGEST_PAGE, Math.round((PAGE_BYTES * kvs.length) / Math.max(bytes, 1))));
}
