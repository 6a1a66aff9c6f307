import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = process.env.KEELSON_RECORDINGS ?? fileURLToPath(new URL('../../shared', import.meta.url));

/**
 * A folder of what Kubernetes answered and of its compatibility samples, which are not part of this repository:
 * KEELSON_RECORDINGS, or `shared` beside the checkout, holds them. Undefined, and said aloud, where it is not there:
 * tests that compare with it then do not run.
 */
export function recordings(folder: 'golden' | 'samples' | 'facts'): string | undefined {
  const path = `${root}/${folder}`;
  if (existsSync(path)) return path;
  console.warn(`${path} is missing: nothing is compared with it`);
  return undefined;
}
