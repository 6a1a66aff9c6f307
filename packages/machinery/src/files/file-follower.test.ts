import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { FileFollower } from './file-follower.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function followed() {
  const directory = await mkdtemp(join(tmpdir(), 'follow-'));
  ends.push(() => rm(directory, { recursive: true }));
  const file = join(directory, 'file');
  await writeFile(file, 'one');
  let looks = 0;
  const follower = new FileFollower(
    [file],
    () => looks++,
    (_, error) => expect.unreachable(String(error)),
  );
  ends.push(() => follower.close());
  return { directory, file, follower, looks: () => looks };
}

it('looks when a file is written, and once for a burst', async () => {
  const { file, follower, looks } = await followed();
  follower.start();
  for (let at = 0; at < 5; at++) await writeFile(file, String(at));
  await expect.poll(looks).toBe(1);
});

it('looks although others write beside the file all the time', async () => {
  const { directory, file, follower, looks } = await followed();
  follower.start();
  await writeFile(file, 'two');
  while (looks() === 0) await writeFile(join(directory, 'log'), String(looks()));
});

it('looks when the link to a file is swapped', async () => {
  const { directory, file, follower, looks } = await followed();
  follower.start();
  await writeFile(join(directory, 'other'), 'two');
  await symlink('other', join(directory, 'link'));
  await rename(join(directory, 'link'), file);
  await expect.poll(looks).toBeGreaterThan(0);
});

it('does not look before it has started, nor after its end', async () => {
  const { file, follower, looks } = await followed();
  await writeFile(file, 'two');
  follower.start();
  await writeFile(file, 'three');
  follower.close();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(looks()).toBe(0);
});
