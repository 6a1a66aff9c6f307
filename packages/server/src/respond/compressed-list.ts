import type { ListMeta } from '@keelson/machinery';
import type { StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { BodyStream } from './body-stream.js';
import type { CompressedItems } from './compressed-items.js';
import { GZIP_HEAD, type GzipFragment, GzipSum, storedFragment } from './gzip-fragment.js';
import type { ObjectForm } from './object-form.js';
import { Pace } from './pace.js';

/** Writes a list in gzip, put together from chunks of items that are kept compressed. */
export async function writeCompressedList(
  ctx: KeelsonContext,
  form: ObjectForm,
  compressed: CompressedItems,
  objects: readonly StoredObject[],
  meta: ListMeta,
): Promise<void> {
  const { head, separator, tail } = form.list(meta, objects.length, form.itemBytes ? await itemBytes(compressed, objects) : 0);
  const body = new BodyStream(ctx, 200, form.contentType, 'gzip');
  const sum = new GzipSum();
  const add = (fragment: GzipFragment) => {
    sum.add(fragment);
    body.add(fragment.compressed);
  };
  const between = separator && storedFragment(separator);
  const pace = new Pace();
  body.add(GZIP_HEAD);
  add(storedFragment(head));
  for (let at = 0; at < objects.length; ) {
    if (at > 0 && between !== undefined) add(between);
    const chunk = await compressed.chunkAt(objects, at);
    add(chunk);
    at += chunk.items;
    if (body.full && !(await body.flush())) return;
    if (pace.due) await pace.rest();
  }
  if (tail !== undefined) add(storedFragment(tail));
  body.add(sum.tail());
  body.end();
}

/** Known only once every chunk is made; they are not held meanwhile, for a list may be larger than all that is kept. */
async function itemBytes(compressed: CompressedItems, objects: readonly StoredObject[]): Promise<number> {
  const pace = new Pace();
  let sum = 0;
  for (let at = 0; at < objects.length; ) {
    const chunk = await compressed.chunkAt(objects, at);
    sum += chunk.bytes;
    at += chunk.items;
    if (pace.due) await pace.rest();
  }
  return sum;
}
