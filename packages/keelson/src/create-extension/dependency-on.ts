import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sep } from 'node:path';

/**
 * How another project depends on a package of this installation: by its version or, where that is no installed one but a
 * checkout, by its place.
 */
export function dependencyOn(name: string, version: string): string {
  const file = realpathSync(createRequire(import.meta.url).resolve(name));
  const [dir = ''] = file.split(`${sep}dist${sep}`);
  return dir.includes(`${sep}node_modules${sep}`) ? `^${version}` : `file:${dir}`;
}
