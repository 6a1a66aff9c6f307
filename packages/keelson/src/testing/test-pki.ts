import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateKey } from '@keelson/pki';
import { preparePki } from '../pki/prepare-pki.js';

/** What services of test control planes get their addresses from; nothing ever listens on them. */
export const SERVICE_RANGE = '10.0.0.0/24';

let prepared: Promise<string> | undefined;

/**
 * A directory of certificates for all test control planes of a user, who all run on this machine: making them takes longer
 * than starting one. They are in the user's cache, readable by nobody else, and of this month: none ever comes to its end.
 */
export function testPki(): Promise<string> {
  prepared ??= findOrMake(join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'keelson'), new Date());
  return prepared;
}

async function findOrMake(cache: string, now: Date): Promise<string> {
  const dir = join(cache, `test-pki-${now.toISOString().slice(0, 7)}`);
  if (await isOwn(dir)) return dir;
  const made = await make(await workingDirectory(cache));
  try {
    await rename(made, dir);
    return dir;
  } catch {
    // Another process was faster, or there is no cache to keep it in.
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    return made;
  }
}

async function isOwn(dir: string): Promise<boolean> {
  const found = await stat(dir).catch(() => undefined);
  return found !== undefined && found.uid === (process.getuid?.() ?? 0) && (found.mode & 0o077) === 0;
}

/** Beside where it is to be in the end; where nothing can be written, a temporary one. */
async function workingDirectory(cache: string): Promise<string> {
  try {
    await mkdir(cache, { recursive: true });
    return await mkdtemp(join(cache, 'test-pki-'));
  } catch {
    return mkdtemp(join(tmpdir(), 'keelson-test-pki-'));
  }
}

async function make(dir: string): Promise<string> {
  try {
    // Only this machine's tests verify tokens: they need none of the keys that take long to make.
    await writeFile(join(dir, 'sa.key'), await newPrivateKey(), { mode: 0o600 });
    await preparePki({ dir, serverHosts: [], clusterIpRanges: [SERVICE_RANGE] });
    return dir;
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}
