import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What stands for what is different in each project. */
export type Replacements = Readonly<Record<`__${'NAME' | 'GROUP' | 'SDK' | 'KEELSON' | 'CHECKOUT' | 'BUILD'}__`, string>>;

/** Copies a directory of templates; gives the files that it has written. Rejects when one of them is there already. */
export async function copyTemplate(from: string, to: string, replacements: Replacements): Promise<string[]> {
  const found = await readdir(from, { recursive: true, withFileTypes: true });
  const names = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1));
  const written: string[] = [];
  for (const name of names.sort()) {
    const content = await readFile(join(from, name), 'utf8');
    // npm takes files of this name for its own.
    const target = join(to, name.replace(/^gitignore$/, '.gitignore'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, replaced(content, replacements), { flag: 'wx' });
    written.push(target);
  }
  return written;
}

function replaced(content: string, replacements: Replacements): string {
  return content.replace(/__[A-Z]+__/g, (key) => (Object.hasOwn(replacements, key) ? replacements[key as keyof Replacements] : key));
}
