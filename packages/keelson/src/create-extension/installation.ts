import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

/** How another project depends on packages of this installation. */
export interface Installation {
  /** Root of the checkout that this is; undefined for installed packages. */
  readonly checkout: string | undefined;
  /** By its version or, where that is no installed one, by its place. */
  dependencyOn(name: string): string;
}

export function installation(version: string): Installation {
  const own = packageDir('keelson');
  if (own.includes(`${sep}node_modules${sep}`)) return { checkout: undefined, dependencyOn: () => `^${version}` };
  return { checkout: dirname(dirname(own)), dependencyOn: (name) => `file:${packageDir(name)}` };
}

function packageDir(name: string): string {
  const [dir = ''] = realpathSync(createRequire(import.meta.url).resolve(name)).split(`${sep}dist${sep}`);
  return dir;
}
