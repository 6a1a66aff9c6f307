import { type ListMeta, TimeSlice } from '@keelson/machinery';
import type { ListPage, StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { BodyStream } from './body-stream.js';
import { writeCompressedList } from './compressed-list.js';
import type { Negotiated } from './negotiate.js';
import type { ObjectForm } from './object-form.js';
import { acceptsGzip, GZIP_THRESHOLD_BYTES } from './send.js';
import { writeTextList } from './text-list.js';

/**
 * Writes a page of a list, straight from the objects' kept bytes, without blocking the loop or outrunning the reader.
 * `repeats`: others will ask for the same items, so that it pays to keep them compressed.
 */
export async function writeList(
  ctx: KeelsonContext,
  form: ObjectForm,
  negotiated: Negotiated,
  page: ListPage,
  meta: ListMeta,
  repeats: boolean,
): Promise<void> {
  if (negotiated.media === 'application/yaml' || negotiated.pretty) {
    await writeTextList(ctx, form, negotiated, page, meta);
    return;
  }
  if (repeats && form.compressed !== undefined && acceptsGzip(ctx) && isBig(page)) {
    await writeCompressedList(ctx, form, form.compressed, page, meta);
    return;
  }
  const body = new BodyStream(ctx, 200, form.contentType);
  const { head, separator, tail } = form.list(meta, page.length, form.itemBytes ? await sumOf(form.itemBytes, page) : 0);
  body.add(head);
  const slice = new TimeSlice();
  let first = true;
  for (const object of page.items) {
    if (!first && separator !== undefined) body.add(separator);
    first = false;
    body.add(form.item(object));
    if (body.full && !(await body.flush())) return;
    if (slice.spent()) await slice.next();
  }
  if (tail !== undefined) body.add(tail);
  body.end();
}

/** Stored bytes are about those of an item; near the threshold it does not matter. */
function isBig({ items, length }: ListPage): boolean {
  if (length > GZIP_THRESHOLD_BYTES) return true;
  let bytes = 0;
  for (const { value } of items) {
    bytes += value.length;
    if (bytes >= GZIP_THRESHOLD_BYTES) return true;
  }
  return false;
}

async function sumOf(itemBytes: (object: StoredObject) => number, page: ListPage): Promise<number> {
  const slice = new TimeSlice();
  let sum = 0;
  for (const object of page.items) {
    sum += itemBytes(object);
    if (slice.spent()) await slice.next();
  }
  return sum;
}
