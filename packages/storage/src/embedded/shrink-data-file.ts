import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Layout, usedBytes } from './layout.js';

/** What a smaller file could give back is not worth the time. */
const MIN_FILE_BYTES = 32 * 1024 * 1024;

/**
 * Where most of the data file is pages that nothing is in (LMDB uses them again, but never gives them back), puts a file of
 * what there is in its place, and opens that by `reopen`. For whoever owns the directory; nothing else may use `layout`.
 *
 * The new file is whole and on disk before it takes the place of the old one in one step: after a crash there is one of the
 * two. The file of locks knows the transactions of the old one, so it goes next. Who opened it in between shares it with
 * nobody, writes nothing, and finds the directory owned.
 */
export async function shrinkDataFile(layout: Layout, dir: string, reopen: () => Layout): Promise<Layout> {
  const file = join(dir, 'data.mdb');
  const copyDir = join(dir, 'shrinking');
  // Of a process that has died on the way.
  await rm(copyDir, { recursive: true, force: true });
  const { size } = await stat(file);
  if (size < MIN_FILE_BYTES || usedBytes(layout) > size / 2) return layout;
  try {
    await copyInto(copyDir, layout);
  } catch (error) {
    await rm(copyDir, { recursive: true, force: true });
    process.emitWarning(`${file} cannot be made smaller: ${error instanceof Error ? error.message : error}`, 'StorageSpaceWarning');
    return layout;
  }
  await layout.root.close();
  await rename(join(copyDir, 'data.mdb'), file);
  await rm(join(dir, 'lock.mdb'), { force: true });
  await rm(copyDir, { recursive: true });
  await sync(dir);
  return reopen();
}

/** A directory of its own, since LMDB makes files that everybody may read. */
async function copyInto(copyDir: string, { root }: Layout): Promise<void> {
  const copy = join(copyDir, 'data.mdb');
  await mkdir(copyDir, { mode: 0o700 });
  await root.backup(copyDir, true);
  await chmod(copy, 0o600);
  await sync(copy);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
