import { type ListMeta, TimeSlice } from '@keelson/machinery';
import type { ListPage, StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { BodyStream } from './body-stream.js';
import type { CompressedItems } from './compressed-items.js';
import { GZIP_HEAD, type GzipFragment, GzipSum, storedFragment } from './gzip-fragment.js';
import type { ObjectForm } from './object-form.js';

/** Compressed items up to this are kept in one piece for the next reader of the same. */
const JOINED_LIMIT_BYTES = 2 * 1024 * 1024;

/** Writes a list in gzip: as an earlier reader got it, or put together from chunks of items that are kept compressed. */
export async function writeCompressedList(
  ctx: KeelsonContext,
  form: ObjectForm,
  compressed: CompressedItems,
  { items, length }: ListPage,
  meta: ListMeta,
): Promise<void> {
  const joined = compressed.joined(items);
  const objects = joined === undefined ? [...items] : [];
  const itemBytes = form.itemBytes === undefined ? 0 : (joined?.bytes ?? (await sumOfChunks(compressed, objects)));
  const { head, separator, tail } = form.list(meta, length, itemBytes);
  const member = new GzipMember(new BodyStream(ctx, 200, form.contentType, 'gzip'));
  member.add(storedFragment(head));
  if (joined !== undefined) member.add(joined);
  else {
    const made = await addChunks(member, compressed, objects, separator && storedFragment(separator));
    if (made === 'over') return;
    if (made !== undefined) compressed.keepJoined(items, made);
  }
  if (tail !== undefined) member.add(storedFragment(tail));
  member.end();
}

/** A response body made of fragments. */
class GzipMember {
  readonly #sum = new GzipSum();

  constructor(readonly body: BodyStream) {
    body.add(GZIP_HEAD);
  }

  add(fragment: GzipFragment): void {
    this.#sum.add(fragment);
    this.body.add(fragment.compressed);
  }

  end(): void {
    this.body.add(this.#sum.tail());
    this.body.end();
  }
}

/** Gives all the items in one fragment when that is small; 'over' when nobody reads on. */
async function addChunks(
  member: GzipMember,
  compressed: CompressedItems,
  objects: readonly StoredObject[],
  between: GzipFragment | undefined,
): Promise<{ fragment: GzipFragment; validUntilMs: number } | 'over' | undefined> {
  const sum = new GzipSum();
  let parts: Buffer[] = [];
  let size = 0;
  let validUntilMs = Number.POSITIVE_INFINITY;
  const add = (fragment: GzipFragment) => {
    member.add(fragment);
    sum.add(fragment);
    size += fragment.compressed.length;
    if (size > JOINED_LIMIT_BYTES) parts = [];
    else parts.push(fragment.compressed);
  };
  const slice = new TimeSlice();
  for (let at = 0; at < objects.length; ) {
    if (at > 0 && between !== undefined) add(between);
    const chunk = await compressed.chunkAt(objects, at);
    add(chunk);
    validUntilMs = Math.min(validUntilMs, chunk.validUntilMs);
    at += chunk.items;
    if (member.body.full && !(await member.body.flush())) return 'over';
    if (slice.spent()) await slice.next();
  }
  return size > JOINED_LIMIT_BYTES ? undefined : { fragment: sum.joined(Buffer.concat(parts)), validUntilMs };
}

/** Known only once every chunk is made; they are not held meanwhile, for a list may be larger than all that is kept. */
async function sumOfChunks(compressed: CompressedItems, objects: readonly StoredObject[]): Promise<number> {
  const slice = new TimeSlice();
  let sum = 0;
  for (let at = 0; at < objects.length; ) {
    const chunk = await compressed.chunkAt(objects, at);
    sum += chunk.bytes;
    at += chunk.items;
    if (slice.spent()) await slice.next();
  }
  return sum;
}
